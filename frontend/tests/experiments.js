// Two models compared on live people, and their lists side by side.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit, looks } from './audit.js';
import { suite, until } from './harness.js';
import { ask, published, studio, train } from './studio.js';

/** A model besides the published one, trained once for all tests. */
let other;
async function otherModel(t) {
  other ??= await train(await studio(t, '/studio/train'), { seed: 11 });
  return other;
}

describe('experiments', () => {
  it('start, show both arms to people, and stop with a verdict', async (t) => {
    const modelId = await otherModel(t);
    const page = await studio(t, '/studio/experiments');
    await page.getByLabel('What it is about').fill('A smaller model');
    await page.getByRole('combobox', { name: 'Model of B' }).click();
    await page.getByRole('option', { name: modelId }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    const card = page.getByRole('region', { name: 'A smaller model' });
    await card.getByText('running', { exact: true }).waitFor();
    await card.getByText(/^Not enough yet/).waitFor();
    await page.getByRole('form', { name: 'New experiment' }).waitFor({ state: 'detached' }); // no second one

    const served = await published(page);
    const arms = new Map();
    const question = 'query ($id: ID!) { recommendations(userId: $id, first: 1) { modelId experiment { arm } } }';
    await until(async () => {
      for (let user = 0; user < 20; user++) {
        const { recommendations } = await ask(page, question, { id: `u000${10 + user}` });
        if (recommendations.experiment) arms.set(recommendations.experiment.arm, recommendations.modelId);
      }
      return arms.size === 2;
    }, 'not both arms were shown');
    assert.deepEqual([arms.get(0), arms.get(1)], [served, modelId]);

    await card.getByRole('button', { name: 'Stop A smaller model' }).click();
    await card.getByRole('button', { name: 'Sure? Stop A smaller model' }).click();
    await card.getByText('stopped', { exact: true }).waitFor();
    await page.getByRole('form', { name: 'New experiment' }).waitFor();
  });

  it('interleave two rule books in one list', async (t) => {
    const page = await studio(t, '/studio/experiments');
    const { rules } = await ask(page, '{ rules { version } }');
    const save = `mutation ($version: Int64!, $note: String!, $vendors: [String!]!) { saveRules(expectedVersion: $version, note: $note, rules: [
      { ruleId: "b", kind: BOOST, factor: 5, where: { vendors: $vendors } }]) { book { version } } }`;
    const { vendors } = await ask(page, '{ vendors(first: 2) { name } }');
    for (const [at, { name }] of vendors.entries()) {
      await ask(page, save, { version: rules.version + at, note: `more of ${name}`, vendors: [name] });
    }
    await page.reload();
    await page.getByLabel('What it is about').fill('Which vendor');
    await page.getByText('Interleaved', { exact: true }).click();
    for (const [at, { name }] of vendors.entries()) {
      await page.getByRole('combobox', { name: `Rules of ${'AB'[at]}` }).click();
      await page.getByRole('option', { name: new RegExp(`· more of ${name}$`) }).click();
    }
    await page.getByRole('button', { name: 'Start' }).click();
    const card = page.getByRole('region', { name: 'Which vendor' });
    await card.getByText('running', { exact: true }).waitFor();
    const question = 'query ($id: ID!) { recommendations(userId: $id, first: 10) { items { arm } } }';
    await until(async () => {
      const { recommendations } = await ask(page, question, { id: 'u00010' });
      return new Set(recommendations.items.map(({ arm }) => arm)).size === 2;
    }, 'a list does not hold entries of both arms');
    await card.getByRole('button', { name: 'Stop Which vendor' }).click();
    await card.getByRole('button', { name: 'Sure? Stop Which vendor' }).click();
    await card.getByText('stopped', { exact: true }).waitFor();
    await ask(page, 'mutation ($version: Int64!) { restoreRules(version: 0, expectedVersion: $version) { book { version } } }', { version: rules.version + 2 });
  });

  it('show two models’ lists side by side', async (t) => {
    const modelId = await otherModel(t);
    const page = await studio(t, `/studio/models/${modelId}`);
    const served = await published(page);
    await page.goto(`${(await suite()).url}/studio/models/${modelId}?with=${served}`);
    const side = page.getByRole('region', { name: 'Lists side by side' });
    await side.getByText(/^The first 10 places for \d+ people/).waitFor();
    assert.equal(await side.getByRole('list', { name: 'This model' }).getByRole('listitem').count(), 10);
    assert.equal(await side.getByRole('list', { name: served }).getByRole('listitem').count(), 10);
  });

  for (const look of looks) {
    it(`are accessible and fit, ${look.name}`, async (t) => {
      const page = await studio(t, '/studio/experiments', { viewport: look.viewport, colorScheme: look.colorScheme });
      await page.getByRole('region', { name: 'A smaller model' }).waitFor();
      await audit(page, `studio-experiments-${look.name}`);
      const modelId = await otherModel(t);
      await page.goto(`${(await suite()).url}/studio/models/${modelId}?with=${await published(page)}`);
      const side = page.getByRole('region', { name: 'Lists side by side' });
      await side.getByText(/^The first 10 places/).waitFor();
      await side.scrollIntoViewIfNeeded();
      await audit(page, `studio-diff-${look.name}`);
    });
  }
});
