import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until, visit } from './harness.js';

/** Opens the playground and waits for its editors: before they are there, tabs and Execute do nothing. */
async function open(t, options) {
  const page = await visit(t, '/playground', options);
  await page.locator('.result-window .view-lines').waitFor({ state: 'attached' });
  await drawn(page, 'recommendationId');
  return page;
}

/** Waits until the editor shows an operation that asks for a field. */
const drawn = (page, field) => page.locator('.graphiql-editor .view-line').filter({ hasText: field }).first().waitFor();

/** Runs the operation that asks for a field. */
async function run(page, field) {
  await drawn(page, field);
  await page.getByRole('button', { name: /Execute query/ }).click();
}

/** Waits for text in the response; the editor draws its lines one by one. */
const answered = (page, text) => page.locator('.result-window').filter({ hasText: text }).waitFor();

describe('the playground', () => {
  it('runs the prepared query', async (t) => {
    const page = await open(t);
    await page.getByRole('tab', { name: /^Recommendations/ }).waitFor();
    await run(page, 'recommendationId');
    await answered(page, 'recommendationId');
  });

  it('has room for the answer below the question on a phone', async (t) => {
    const page = await open(t, { viewport: { width: 360, height: 780 } });
    const question = await page.locator('.graphiql-editors').boundingBox();
    const answer = await page.locator('.graphiql-response').boundingBox();
    assert.ok(answer.y >= question.y + question.height && answer.width >= question.width, JSON.stringify({ question, answer }));
  });

  it('runs the prepared subscription and receives the next list', async (t) => {
    const page = await open(t);
    await page.getByRole('tab', { name: 'LiveRecommendations' }).click();
    await run(page, 'viewerRating');
    await answered(page, 'viewerRating');
    const response = () => page.locator('.result-window').innerText();
    const before = await response();
    assert.equal(await rateFirst(page), 'CREATED');
    await until(async () => (await response()) !== before, 'no second list came');
  });
});

/** Rates the first product of the viewer's list and answers the outcome. */
async function rateFirst(page) {
  const { recommendations } = await page.evaluate(ask, { query: '{ recommendations(first: 1) { items { product { id } } } }' });
  const { recordInteractions } = await page.evaluate(ask, {
    query:
      'mutation ($id: ID!) { recordInteractions(interactions: [{ productId: $id, type: RATING, value: 5 }]) { results { outcome } } }',
    variables: { id: recommendations.items[0].product.id },
  });
  return recordInteractions.results[0].outcome;
}

/** Runs in the page: asks the server as its viewer. */
async function ask(body) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()).data;
}
