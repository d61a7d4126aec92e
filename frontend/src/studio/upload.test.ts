// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { upload, uploadProblem } from './upload';

/** A request that answers at once with a status, and tells half of the way first. */
function answer(status: number, response: unknown = null) {
  class Request {
    status = status;
    response = response;
    upload = { addEventListener: (_: string, tell: (event: object) => void) => (this.tell = tell) };
    tell: (event: object) => void = () => {};
    heard: Record<string, () => void> = {};
    open(_method: string, address: string) {
      addresses.push(address);
    }
    addEventListener(name: string, hear: () => void) {
      this.heard[name] = hear;
    }
    send() {
      this.tell({ loaded: 1, total: 2 });
      this.heard[status === 0 ? 'error' : 'load']?.();
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request);
}

let addresses: string[] = [];
afterEach(() => {
  addresses = [];
  vi.unstubAllGlobals();
});

test('a file is sent under its name, and its progress told', async () => {
  const stored = { uploadId: 'u1', name: 'a b.csv', bytes: 4 };
  answer(200, stored);
  const parts: number[] = [];
  expect(await upload(new File(['1234'], 'a b.csv'), (part) => parts.push(part))).toEqual(stored);
  expect(addresses).toEqual(['/api/uploads?name=a%20b.csv']);
  expect(parts).toEqual([0.5]);
});

test('a refusal says why', async () => {
  answer(413);
  await expect(upload(new File([], 'a.csv'), () => {})).rejects.toThrow('larger than this server takes');
  answer(0);
  await expect(upload(new File([], 'a.csv'), () => {})).rejects.toThrow('The connection broke');
  expect([uploadProblem(401), uploadProblem(403)]).toEqual(['Sign in to the studio again.', 'Sign in to the studio again.']);
  expect(uploadProblem(500)).toContain('500');
});
