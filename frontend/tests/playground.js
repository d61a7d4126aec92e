import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visit } from './harness.js';

const run = (page) => page.getByRole('button', { name: /Execute query/ }).click();

/** Waits for text in the response; the editor draws its lines one by one. */
const answered = (page, text) => page.locator('.result-window').filter({ hasText: text }).waitFor();

describe('the playground', () => {
  it('runs the prepared query', async (t) => {
    const page = await visit(t, '/playground');
    await page.getByRole('tab', { name: 'Recommendations', exact: true }).waitFor();
    await run(page);
    await answered(page, 'recommendationId');
  });

  it('runs the prepared subscription and receives the next list', async (t) => {
    const page = await visit(t, '/playground');
    await page.getByRole('tab', { name: 'LiveRecommendations' }).click();
    await run(page);
    await answered(page, 'viewerRating');
    const response = () => page.locator('.result-window').innerText();
    const before = await response();
    const outcome = await page.evaluate(rateFirst);
    assert.equal(outcome, 'CREATED');
    for (let tries = 0; tries < 150 && (await response()) === before; tries++) await page.waitForTimeout(100);
    assert.notEqual(await response(), before, 'no second list came');
  });
});

/** Runs in the page: rates the first product of the viewer's list. */
async function rateFirst() {
  const ask = async (query, variables) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()).data;
  };
  const { recommendations } = await ask('{ recommendations(first: 1) { items { product { id } } } }');
  const { recordInteractions } = await ask(
    'mutation ($id: ID!) { recordInteractions(interactions: [{ productId: $id, type: RATING, value: 5 }]) { results { outcome } } }',
    { id: recommendations.items[0].product.id },
  );
  return recordInteractions.results[0].outcome;
}
