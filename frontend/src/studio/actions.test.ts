import { describe, expect, it } from 'vitest';
import { actionDetail, actionTitle } from './actions';

describe('an action of the audit log', () => {
  it('has a title in words', () => {
    expect(actionTitle('publishModel')).toBe('Publish model');
    expect(actionTitle('createApiKey')).toBe('Create API key');
    expect(actionTitle('transport')).toBe('Transport');
  });

  it('says what it was done to', () => {
    expect(actionDetail('{"id":"p1","hidden":true,"note":null}')).toBe('id p1, hidden true');
    expect(actionDetail('{"input":{"rank":8}}')).toBe('input {"rank":8}');
    expect(actionDetail('backend')).toBe('backend');
    expect(actionDetail('null')).toBe('');
    expect(actionDetail('{"input":{"ra')).toBe('{"input":{"ra');
  });
});
