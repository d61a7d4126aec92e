import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit, looks } from './audit.js';
import { suite, until, visit } from './harness.js';

const trainedWithinMilliseconds = 240_000;

let session;

/** Opens a page of the studio as its admin, once the demo's first model serves. */
export async function studio(t, path = '/studio', options = {}) {
  await served((await suite()).url);
  session ??= await signIn(t);
  const page = await visit(t, path, { storageState: session, ...options });
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return page;
}

/** Signs in once for all tests, as the server bears few tries a minute, and answers the cookies. */
async function signIn(t) {
  const { log } = await suite();
  const page = await visit(t, '/studio');
  await page.getByLabel('Admin token').fill(process.env.VALSE_TOKEN ?? /studio token: (\S+)/.exec(log())?.[1]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return page.context().storageState();
}

async function served(url) {
  const deadline = Date.now() + trainedWithinMilliseconds;
  while (Date.now() < deadline) {
    if ((await (await fetch(`${url}/readyz`)).json()).modelId) return;
    await new Promise((wait) => setTimeout(wait, 500));
  }
  throw new Error('the demo has no model');
}

/** Asks the API with the session of the page. */
export function ask(page, query, variables = {}) {
  return page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body) })).json();
      if (answer.errors) throw new Error(answer.errors[0].message);
      return answer.data;
    },
    { query, variables },
  );
}

/** Trains a model through the form and answers its id. */
export async function train(page, { seed, rank = 8, sweeps = 10, publish = false }) {
  await page.getByLabel('Rank', { exact: true }).fill(String(rank));
  await page.getByLabel('Sweeps', { exact: true }).fill(String(sweeps));
  await page.getByLabel('Seed').fill(String(seed));
  await page.getByLabel('Publish when done').setChecked(publish);
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForURL(/run=/);
  const runId = new URL(page.url()).searchParams.get('run').replaceAll('"', '');
  await page.getByRole('link', { name: 'Open the model' }).waitFor({ timeout: trainedWithinMilliseconds });
  return (await ask(page, 'query ($id: ID!) { run(id: $id) { output } }', { id: runId })).run.output.modelId;
}

export const published = async (page) => (await ask(page, '{ publications(first: 1) { modelId } }')).publications[0].modelId;
const csv = (name, ...rows) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });

/** Runs in the page: notes each length in which the loss curve is drawn. */
function watchCurve() {
  window.curveLengths = new Set();
  new MutationObserver(() => {
    const curve = document.querySelector('.recharts-line-curve')?.getAttribute('d');
    if (curve) window.curveLengths.add(curve.length);
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['d'] });
}

describe('the studio', () => {
  it('lets nobody in without the token', async (t) => {
    const page = await visit(t, '/studio/keys');
    await page.getByLabel('Admin token').fill('guess');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('this is not the admin token').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
  });

  it('leads on from what is not there', async (t) => {
    const page = await studio(t, '/studio/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    for (const [path, what, list] of [['users/nobody', 'user', 'Users'], ['models/none', 'model', 'Models'], ['runs/none', 'run', 'Runs']]) {
      await page.goto(new URL(`/studio/${path}`, page.url()).href);
      await page.getByRole('heading', { name: `There is no such ${what}` }).waitFor();
      await page.getByRole('link', { name: `All ${list.toLowerCase()}` }).click();
      await page.getByRole('heading', { level: 1, name: list }).waitFor();
    }
  });

  it('tells what was collected, learned and recommended', async (t) => {
    const page = await studio(t);
    await page.getByRole('region', { name: 'Collect' }).getByText(/^by [\d,]+ people on [\d,]+ products/).waitFor();
    await page.getByRole('region', { name: 'Learn' }).getByText(/[\d.]+× popularity/).waitFor();
    await page.getByRole('region', { name: 'Recommend' }).getByText('Live lists').waitFor();
    await page.getByText('365 days').click();
    await page.waitForURL(/days=365/);
    await page.getByText(/[\d,]{7,} events; most on/).waitFor();
  });

  it('keeps the words under the chart clear of its legend on a phone', async (t) => {
    const page = await studio(t, '/studio', { viewport: { width: 360, height: 780 } });
    const legend = page.locator('.recharts-legend-wrapper');
    await legend.getByText('impression').waitFor();
    const words = await page.getByText(/events; most on/).boundingBox();
    const { y, height } = await legend.boundingBox();
    assert.ok(y + height <= words.y, `the legend ends at ${y + height}, the words begin at ${words.y}`);
  });

  it('draws the loss while a model is trained, publishes it and rolls back', async (t) => {
    const page = await studio(t, '/studio/train');
    const before = await published(page);
    await page.evaluate(watchCurve);
    const modelId = await train(page, { seed: 7, rank: 96, sweeps: 40 });
    await page.getByText(/Loss .* after sweep 1, .* after sweep 40 \(-/).waitFor();
    const lengths = await page.evaluate(() => window.curveLengths.size);
    assert.ok(lengths > 2, `the curve was seen in ${lengths} lengths`);
    assert.equal(await published(page), before, 'it was published unasked');

    await page.getByRole('link', { name: 'Open the model' }).click();
    await page.getByRole('heading', { level: 1, name: modelId }).waitFor();
    await page.getByRole('region', { name: 'Ways of asking' }).getByText('asked so').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('published', { exact: true }).waitFor({ timeout: trainedWithinMilliseconds });
    assert.equal(await published(page), modelId);

    await page.getByRole('link', { name: 'All models' }).click();
    await page.getByRole('button', { name: `Roll back to ${before}` }).click();
    await page.getByText(/just now · rollback/).waitFor();
    assert.equal(await published(page), before);
  });

  it('compares two models and deletes the one that does not serve', async (t) => {
    const page = await studio(t, '/studio/train');
    const serving = await published(page);
    const modelId = await train(page, { seed: 8 });
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('link', { name: `Compare ${modelId} with the published model` }).click();
    await page.getByRole('region', { name: 'Metrics' }).getByRole('rowheader', { name: serving }).waitFor();
    await page.getByRole('columnheader', { name: serving }).waitFor();
    await page.getByRole('button', { name: `Delete model ${modelId}` }).click();
    await page.getByRole('button', { name: `Sure? Delete model ${modelId}` }).click();
    await page.waitForURL(/models$/);
    const models = page.getByRole('table', { name: 'Models' });
    await models.getByRole('link', { name: serving, exact: true }).waitFor();
    await models.getByRole('link', { name: modelId, exact: true }).waitFor({ state: 'detached' });
  });

  it('stops a search when asked to', async (t) => {
    const page = await studio(t, '/studio/train');
    await page.getByLabel('Search for better settings').check();
    await page.getByText('Try my lists', { exact: true }).click();
    await page.getByLabel('Ranks to try').fill('16, 32, 64');
    await page.getByText('18 trainings, then one with the best').waitFor();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForURL(/run=/);
    await page.getByRole('region', { name: 'Settings tried so far' }).getByText(/rank=16/).first().waitFor({ timeout: trainedWithinMilliseconds });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled', { exact: true }).waitFor({ timeout: trainedWithinMilliseconds });
    await page.getByRole('link', { name: /^Search / }).click();
    await page.getByRole('region', { name: 'Asked for' }).getByRole('row', { name: 'Rank searched: 16, 32, 64' }).waitFor();
  });

  it('trains by the clock until that is stopped', async (t) => {
    const page = await studio(t, '/studio/train');
    await page.getByRole('button', { name: 'Schedule these settings' }).click();
    await page.getByText(/^Trains every night at 03:00 UTC; next /).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^Nothing is scheduled/).waitFor();
  });

  it('tries a rule on a customer, saves it for everyone and takes it back', async (t) => {
    const page = await studio(t, '/studio/rules');
    const preview = page.locator('[data-preview="BEST_SELLERS"]');
    const [before, after] = [preview.locator('[data-side="before"] [data-product]'), preview.locator('[data-side="after"] [data-product]')];
    await before.first().waitFor();
    const best = await before.first().getAttribute('data-product');

    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('menuitem', { name: /^Hide/ }).click();
    await page.getByRole('combobox', { name: 'Products, by id' }).fill(best);
    await page.keyboard.press('Enter');
    await before.first().getByText('goes').waitFor();
    await before.first().getByText(`Never recommend ${best}`).waitFor();
    await after.first().getByText('↑ 1').waitFor();
    assert.equal((await ask(page, '{ rules { rules { ruleId } } }')).rules.rules.length, 0, 'a draft was put in force');

    await page.getByLabel('What changes and why').fill('sold out soon');
    await page.getByRole('button', { name: 'Save for everyone' }).click();
    const versions = page.getByRole('table').filter({ hasText: 'in force' });
    await versions.getByText('sold out soon').waitFor();
    await until(async () => {
      const { bestSellers } = await ask(page, '{ bestSellers(first: 5) { ruleVersion items { product { productId } } } }');
      return bestSellers.ruleVersion > 0 && bestSellers.items.every(({ product }) => product.productId !== best);
    }, `${best} is still recommended`);

    await page.getByRole('button', { name: `Remove: Never recommend ${best}` }).click();
    await page.getByRole('button', { name: 'Save for everyone' }).click();
    await page.getByText('No rules', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Make current version 1' }).click();
    await page.getByRole('button', { name: 'Sure? Make current version 1' }).click();
    await versions.getByText('Back to version 1').waitFor();
    await page.getByRole('button', { name: `Remove: Never recommend ${best}` }).click();
    await page.getByRole('button', { name: 'Save for everyone' }).click();
    await page.getByText('No rules', { exact: true }).waitFor();
  });

  it('checks an import, shows what it refuses, and keeps the good rows', async (t) => {
    const page = await studio(t, '/studio/data');
    await page.getByLabel(/Choose files/).setInputFiles([
      csv('products.csv', 'item_id,title,price', 'kite,A Red Kite,19.90', 'yoyo,A Yo-yo,cheap'),
      csv('interactions.csv', 'user_id,item_id,type,value,timestamp', 'ann,kite,VIEW,1,2026-11-01T10:00:00Z'),
    ]);
    assert.equal(await page.getByLabel('What products.csv holds').inputValue(), 'products');
    assert.equal(await page.getByLabel('What interactions.csv holds').inputValue(), 'interactions');

    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const rejected = page.getByRole('region', { name: 'Rejected rows' });
    await rejected.getByRole('row', { name: /products\.csv 3 price cheap/ }).waitFor();
    await page.getByText('nothing was changed').waitFor();

    await page.getByLabel('Keep the good rows although some are rejected').check();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'Imported' }).waitFor();
    await rejected.getByRole('row', { name: /cheap/ }).waitFor();
    await page.getByLabel(/^Words in title/).fill('kite');
    await page.getByRole('list', { name: 'Products' }).getByText('A Red Kite').waitFor();
  });

  it('hides a product, shows it again, and removes it', async (t) => {
    const page = await studio(t, '/studio/data');
    await ask(page, 'mutation { putProducts(products: [{ productId: "top", title: "A Humming Top" }]) { userErrors { message } } }');
    await page.getByLabel(/^Words in title/).fill('humming');
    await page.getByLabel('Hidden ones too').check();
    await page.getByRole('button', { name: 'Hide A Humming Top' }).click();
    await page.getByText('hidden', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show A Humming Top' }).click();
    await page.getByRole('button', { name: 'Hide A Humming Top' }).waitFor();
    await page.getByRole('button', { name: 'Delete A Humming Top' }).click();
    await page.getByRole('button', { name: 'Sure? Delete A Humming Top' }).click();
    await page.getByText('Nothing holds all these words').waitFor();
  });

  it('shows a list move when something happens, and what it were without an event', async (t) => {
    const page = await studio(t, '/studio/users');
    await page.getByLabel('Name or id starts with').fill('leil');
    await page.getByRole('link', { name: 'Leila Haddad' }).click();
    const list = page.getByRole('list', { name: 'Recommendations' });
    const order = () => list.locator('[data-product]').evaluateAll((rows) => rows.map((row) => row.dataset.product));
    await list.getByRole('listitem').first().waitFor();
    const [first] = await order();

    const record = 'mutation ($id: ID!) { recordInteractions(interactions: [{ userId: "leila", productId: $id, type: PURCHASE }]) { results { outcome } } }';
    await ask(page, record, { id: first });
    await list.locator(`[data-product="${first}"]`).waitFor({ state: 'detached' });
    await list.getByText(/^(up \d+|new)$/).first().waitFor();
    const counted = page.getByRole('checkbox', { name: /^Count: bought/ }).first();
    await page.getByText('bought · just now').waitFor();

    await counted.uncheck();
    await list.locator(`[data-product="${first}"]`).waitFor();
    assert.equal((await order())[0], first);
    await page.getByRole('button', { name: 'Count all' }).click();
    await list.locator(`[data-product="${first}"]`).waitFor({ state: 'detached' });
  });

  it('hands out everything it keeps about a user, and erases it', async (t) => {
    const page = await studio(t, '/studio/users/u00020');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    assert.equal((await saved).suggestedFilename(), 'u00020.json');
    await page.getByRole('button', { name: 'Erase…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Erase u00020?' });
    const erase = dialog.getByRole('button', { name: 'Erase for good' });
    assert.ok(await erase.isDisabled());
    await dialog.getByLabel(/^Type u00020/).fill('u00020');
    await erase.click();
    await page.getByText(/Erased u00020: \d+ events/).waitFor({ timeout: trainedWithinMilliseconds });
    assert.equal((await ask(page, '{ user(id: "u00020") { id } }')).user, null);
  });

  it('makes a key that works until it is revoked', async (t) => {
    const page = await studio(t, '/studio/keys');
    await page.getByLabel('Name of the server').fill('checkout');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const secret = await page.getByRole('status').locator('code').innerText();
    const { url } = await suite();
    const call = async () => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
      const body = JSON.stringify({ query: '{ viewer { role } }' });
      return (await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json()).data?.viewer.role;
    };
    assert.equal(await call(), 'SERVER');
    await page.getByRole('button', { name: 'Revoke the key of checkout' }).click();
    await page.getByRole('button', { name: 'Sure? Revoke the key of checkout' }).click();
    await page.getByText('No keys').waitFor();
    assert.notEqual(await call(), 'SERVER');
  });
});

/** Pages of the studio, each with what shows that it is there. */
const pages = [
  { name: 'overview', path: '/studio', there: (page) => page.getByRole('region', { name: 'Collect' }) },
  { name: 'data', path: '/studio/data', there: (page) => page.getByRole('list', { name: 'Products' }) },
  { name: 'train', path: '/studio/train', there: (page) => page.getByRole('heading', { name: 'The latest training' }) },
  { name: 'models', path: '/studio/models', there: (page) => page.getByRole('table', { name: 'Models' }) },
  { name: 'rules', path: '/studio/rules', there: (page) => page.locator('[data-preview] [data-product]') },
  { name: 'users', path: '/studio/users?q=mar', there: (page) => page.getByRole('link', { name: 'Mara Lindqvist' }) },
  { name: 'user', path: '/studio/users/mara', there: (page) => page.getByRole('list', { name: 'Recommendations' }) },
  { name: 'runs', path: '/studio/runs', there: (page) => page.getByRole('link', { name: 'First training of the demo shop' }) },
  { name: 'audit', path: '/studio/audit', there: (page) => page.getByText('Admin sign in').first() },
  { name: 'keys', path: '/studio/keys', there: (page) => page.getByText('The first call') },
];

describe('every page of the studio', () => {
  for (const look of looks) {
    it(`is accessible and fits, ${look.name}`, async (t) => {
      const page = await studio(t, '/studio', { viewport: look.viewport, colorScheme: look.colorScheme });
      const { url } = await suite();
      const paths = [...pages, await modelPage(page), await runPage(page)];
      for (const { name, path, there } of paths) {
        await page.goto(url + path);
        await there(page).first().waitFor();
        await audit(page, `studio-${name}-${look.name}`);
      }
    });
  }

  it('can be reached by keys', async (t) => {
    const page = await studio(t);
    await page.getByRole('link', { name: 'Models', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await page.locator('nav [aria-current="page"]', { hasText: /^Models$/ }).waitFor();
  });
});

async function runPage(page) {
  const { runs } = await ask(page, '{ runs(kind: TRAIN, first: 100) { runId state } }');
  const { runId } = runs.findLast(({ state }) => state === 'SUCCEEDED');
  return { name: 'run', path: `/studio/runs/${runId}`, there: (page) => page.getByRole('region', { name: 'Came out' }) };
}

async function modelPage(page) {
  const id = await published(page);
  return { name: 'model', path: `/studio/models/${id}`, there: (at) => at.getByRole('heading', { name: 'Settings' }) };
}
