import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit } from './audit.js';
import { changed, forYou, productIds, recorded, signIn, until, visit } from './harness.js';

/** Presses the star strip of a card: four stars. */
async function rate(card) {
  await card.scrollIntoViewIfNeeded();
  const stars = card.getByRole('slider');
  const { width, height } = await stars.boundingBox();
  // The strip begins half a star before the first one.
  await stars.click({ position: { x: (width * 4.4) / 5.5, y: height / 2 } });
}

describe('the shop', () => {
  it('re-ranks the row for you while a product is rated, and drops that product', async (t) => {
    const page = await visit(t);
    await signIn(page);
    const row = await forYou(page);
    const before = await productIds(row);
    const rated = before[0];
    await rate(row.locator(`[data-product="${rated}"]`));
    await row.getByText(/Just updated after rating .* 4 stars/).waitFor();
    await row.locator(`[data-product="${rated}"]`).waitFor({ state: 'detached' });
    const after = await productIds(row);
    assert.equal(after.length, before.length, 'the row shrank');
  });

  it('gives a new visitor a row of their own after one like', async (t) => {
    const page = await visit(t);
    const row = await forYou(page);
    const before = await productIds(row);
    await row.locator('[data-product]').nth(1).getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: 'Like', exact: true }).click();
    await row.getByText(/Just updated after liking/).waitFor();
    await changed(row, before);
  });

  it('gives what a visitor did to the account they sign in to', async (t) => {
    const page = await visit(t);
    const row = await forYou(page);
    const [liked] = await productIds(row);
    const saved = recorded(page, 'LIKE');
    await row.locator(`[data-product="${liked}"]`).getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: 'Like', exact: true }).click();
    await saved;
    await signIn(page);
    const mine = await page.evaluate(async () => {
      const query = '{ viewer { isAnonymous user { history(types: [LIKE], first: 5) { nodes { productId } } } } }';
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()).data.viewer;
    });
    assert.equal(mine.isAnonymous, false);
    assert.ok(
      mine.user.history.nodes.some(({ productId }) => productId === liked),
      `the liked ${liked} is not in the account's history`,
    );
  });

  it('says why, with shares that add up', async (t) => {
    const page = await visit(t);
    await signIn(page);
    const row = await forYou(page);
    await row.locator('[data-product]').first().getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: 'Why this?' }).click();
    const dialog = page.getByRole('dialog', { name: /^Why / });
    await dialog.getByText(/^Because you (bought|rated|looked|liked|put|picked) /).waitFor();
    const shares = (await dialog.getByRole('listitem').allInnerTexts()).map((text) => Number(/(\d+)\s*%/.exec(text)?.[1] ?? 0));
    const sum = shares.reduce((total, share) => total + share, 0);
    assert.ok(sum > 50 && sum <= 105, `shares ${shares} sum to ${sum}`);
    // Bars compare what is named; all the rest together is no rival of it.
    const rest = dialog.getByRole('listitem').filter({ hasText: 'Everything else' });
    assert.equal(await rest.locator('.mantine-Progress-root').count(), 0);
  });

  it('hides a product for good', async (t) => {
    const page = await visit(t);
    await signIn(page);
    const row = await forYou(page);
    const [hidden] = await productIds(row);
    await row.locator(`[data-product="${hidden}"]`).getByRole('button', { name: /^More for/ }).click();
    const saved = recorded(page, 'HIDE');
    await page.getByRole('menuitem', { name: 'Not for me, hide it' }).click();
    await row.locator(`[data-product="${hidden}"]`).waitFor({ state: 'detached' });
    await saved;
    await page.reload();
    const again = await productIds(await forYou(page));
    assert.ok(!again.includes(hidden), `${hidden} came back`);
  });

  it('brings a hidden product back, by the notice and on the taste page', async (t) => {
    const page = await visit(t);
    const row = await forYou(page);
    const before = await productIds(row);
    const card = row.locator(`[data-product="${before[0]}"]`);
    const hide = async () => {
      await card.getByRole('button', { name: /^More for/ }).click();
      const saved = recorded(page, 'HIDE');
      await page.getByRole('menuitem', { name: 'Not for me, hide it' }).click();
      await page.getByRole('alert').hover(); // it stays as long as that
      await saved;
      await row.getByText(/Just updated after hiding/).waitFor();
      await card.waitFor({ state: 'detached' });
    };
    await hide();
    await audit(page, 'hidden');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await row.getByText(/Just updated after bringing back/).waitFor();
    assert.deepEqual(await productIds(await forYou(page)), before);
    await hide();
    await page.getByRole('link', { name: 'My taste' }).click();
    await page.getByText('History', { exact: true }).click();
    const saved = recorded(page, 'HIDE');
    const bringBack = page.getByRole('button', { name: /^Bring back/ });
    await bringBack.click();
    await saved;
    await bringBack.waitFor({ state: 'detached' });
    assert.equal(await page.getByText(/^You brought it back/).count(), 2);
    await page.getByRole('link', { name: 'valse, start page' }).click();
    assert.deepEqual(await productIds(await forYou(page)), before);
  });

  it('buys a cart as one basket', async (t) => {
    const page = await visit(t);
    const sent = [];
    page.on('request', (request) => {
      const body = request.url().endsWith('/graphql') ? (request.postDataJSON() ?? {}) : {};
      if (body.operationName === 'RecordInteractions') sent.push(...body.variables.interactions);
    });
    for (const index of [0, 2]) {
      // Within the page: an event on its way when a page is left is sent again by the next.
      await page.getByRole('link', { name: 'valse, start page' }).click();
      await (await forYou(page)).locator('[data-product]').nth(index).getByRole('link').click();
      await page.getByRole('button', { name: 'Add to cart' }).click();
    }
    await page.getByRole('link', { name: 'Cart, 2 in it' }).click();
    await page.getByRole('button', { name: 'Buy now' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await page.getByRole('link', { name: 'Cart, empty' }).waitFor();
    const bought = sent.filter(({ type }) => type === 'PURCHASE');
    assert.equal(bought.length, 2);
    assert.equal(new Set(bought.map(({ basket }) => basket)).size, 1);
    assert.equal(new Set(sent.map(({ eventId }) => eventId)).size, sent.length);
    assert.ok(bought.every(({ recommendationId }) => recommendationId), 'a purchase lost the list it came from');
  });

  it('changes and takes back a rating on the taste page', async (t) => {
    const page = await visit(t);
    await rate((await forYou(page)).locator('[data-product]').first());
    await page.getByText(/Just updated/).waitFor();
    await page.getByRole('link', { name: 'My taste' }).click();
    const stars = page.getByRole('slider', { name: /^Your rating of/ });
    assert.equal(await stars.getAttribute('aria-valuetext'), '4 stars');
    const saved = recorded(page, 'RATING');
    await stars.press('ArrowLeft');
    await saved;
    await page.reload();
    assert.equal(await stars.getAttribute('aria-valuetext'), '3½ stars');
    await page.getByRole('button', { name: /^Take back/ }).click();
    await page.getByRole('heading', { name: 'No ratings yet' }).waitFor();
  });

  it('shows the list without an event', async (t) => {
    const page = await visit(t);
    await signIn(page);
    await page.getByRole('link', { name: 'My taste' }).click();
    await page.getByText('History', { exact: true }).click();
    const list = page.getByRole('complementary', { name: 'Your list' });
    await list.getByRole('listitem').first().waitFor();
    const ranking = () => list.getByRole('listitem').allInnerTexts();
    const before = await ranking();
    // One event may not move a long history; ten do.
    const switches = page.getByRole('switch');
    await switches.nth(9).waitFor();
    for (let index = 0; index < 10; index++) await switches.nth(index).press('Space');
    await list.getByText('As if 10 events had never happened.').waitFor();
    await until(async () => {
      const now = await ranking();
      return now.length > 0 && now.join() !== before.join();
    }, 'the list stayed the same');
  });

  it('shows the list without a rating, and with it again', async (t) => {
    const page = await visit(t);
    for (const index of [0, 3]) {
      const saved = recorded(page, 'RATING');
      await rate((await forYou(page)).locator('[data-product]').nth(index));
      await saved;
    }
    await page.getByRole('link', { name: 'My taste' }).click();
    const list = page.getByRole('complementary', { name: 'Your list' });
    await list.getByRole('listitem').first().waitFor();
    const ranking = async () => (await list.getByRole('listitem').allInnerTexts()).join();
    const before = await ranking();
    const last = page.getByRole('switch').first();
    await last.press('Space');
    await list.getByText('As if one event had never happened.').waitFor();
    await until(async () => ![before, ''].includes(await ranking()), 'the list stayed the same');
    await last.press('Space');
    await until(async () => (await ranking()) === before, 'the list did not come back');
  });

  it('signs out to a visitor', async (t) => {
    const page = await visit(t);
    await signIn(page);
    await page.getByRole('button', { name: /^Account:/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'A shop that keeps step with you' }).waitFor();
  });

  it('keeps what is done offline and sends it once', async (t) => {
    const page = await visit(t, '/', { expectedErrors: /ERR_INTERNET_DISCONNECTED/ });
    const row = await forYou(page);
    const [rated] = await productIds(row);
    const card = row.locator(`[data-product="${rated}"]`);
    await page.context().setOffline(true);
    await rate(card);
    await page.getByText('You are offline').waitFor();
    await audit(page, 'offline');
    assert.equal(await card.getByRole('slider').getAttribute('aria-valuetext'), '4 stars');
    await page.context().setOffline(false);
    await card.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'My taste' }).click();
    await page.getByRole('slider', { name: /^Your rating of/ }).waitFor();
    await page.getByText('History', { exact: true }).click();
    await page.getByText(/rated it 4 stars/).waitFor();
    assert.equal(await page.getByText(/rated it 4 stars/).count(), 1);
  });
});

describe('five questions', () => {
  it('gets to know a visitor, and the list follows', async (t) => {
    const page = await visit(t);
    await page.getByRole('link', { name: 'Answer five questions' }).click();
    const question = page.getByRole('region', { name: 'Question' });
    const list = page.getByRole('complementary', { name: 'Your list' });
    await list.getByRole('listitem').first().waitFor();
    const before = (await list.getByRole('listitem').allInnerTexts()).join();
    const asked = new Set();
    for (const answer of ['Skip, I don’t know it', 'I like it', 'Not for me', 'I like it', 'I like it', 'I like it']) {
      const title = await question.getByRole('heading', { level: 2 }).innerText();
      assert.ok(!asked.has(title), `${title} was asked about twice`);
      asked.add(title);
      await question.getByRole('button', { name: answer }).click();
      await until(async () => (await question.getByRole('heading', { level: 2 }).innerText()) !== title, 'the question stayed');
    }
    await question.getByRole('heading', { name: 'That is a good start' }).waitFor();
    await question.getByText('5 of 5 answered').waitFor();
    const known = async () => Number(await question.getByRole('progressbar').getAttribute('aria-valuenow'));
    await until(async () => (await known()) > 1, 'next to nothing of the taste is known after five answers');
    await until(async () => (await list.getByRole('listitem').allInnerTexts()).join() !== before, 'the list did not follow');
    await question.getByRole('button', { name: 'Ask me five more' }).click();
    await question.getByRole('button', { name: 'I like it' }).waitFor();
  });
});

/** The price that a card shows. */
const price = (text) => Number(/[\d,]+\.\d\d/.exec(text)?.[0].replaceAll(',', ''));

describe('the catalogue', () => {
  it('finds products while one types', async (t) => {
    const page = await visit(t);
    const word = (await (await forYou(page)).locator('[data-product] a').first().innerText()).split(/\s+/).find((word) => word.length > 3);
    await page.getByRole('searchbox').fill(word);
    await page.getByRole('heading', { level: 1, name: word }).waitFor();
    const results = page.getByRole('region', { name: 'Products' });
    await results.locator('[data-product]').first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get('q'), word);
    const categories = page.getByRole('navigation', { name: 'Categories' });
    assert.doesNotMatch(await categories.innerText(), /\d/, 'counts of all products stand beside a search');
    const first = await results.locator('[data-product] a').first().innerText();
    assert.ok(first.toLowerCase().includes(word.toLowerCase()), `${first} comes before titles with ${word}`);
    assert.equal(await page.getByRole('combobox', { name: 'Order' }).inputValue(), 'Best match');
    await page.getByRole('searchbox').fill('qqxxzz');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  });

  it('pages through a department without showing a product twice', async (t) => {
    const page = await visit(t);
    const departments = page.getByRole('navigation', { name: 'Departments' });
    await departments.getByRole('link').first().click();
    const results = page.getByRole('region', { name: 'Products' });
    await results.locator('[data-product]').first().waitFor();
    const first = await productIds(results);
    await page.getByRole('button', { name: 'Show more' }).click();
    const both = await changed(results, first);
    assert.ok(both.length > first.length);
    assert.deepEqual(both.slice(0, first.length), first);
    assert.equal(new Set(both).size, both.length);
  });

  it('narrows by category, vendor and order, all in the address', async (t) => {
    const page = await visit(t, '/browse');
    const categories = page.getByRole('navigation', { name: 'Categories' }).getByRole('link');
    const current = (link) => link.and(page.locator('[aria-current="page"]')).waitFor();
    await categories.first().click();
    await current(categories.nth(1));
    await categories.nth(2).click();
    await current(categories.nth(2));
    await page.getByRole('combobox', { name: 'Order' }).click();
    await page.getByRole('option', { name: 'Price, low to high' }).click();
    await page.waitForURL(/order=PRICE/);
    const results = page.getByRole('region', { name: 'Products' });
    let prices;
    await until(async () => {
      prices = (await results.locator('[data-product]').allInnerTexts()).map(price);
      return prices.length > 3 && prices.join() === prices.toSorted((a, b) => a - b).join();
    }, () => `the prices are ${prices}`);
    assert.ok(prices.every(Number.isFinite), `prices ${prices}`);
    const address = page.url();
    await page.goto(address);
    assert.deepEqual((await productIds(results)).length > 0 || (await changed(results, [])).length > 0, true);
    assert.match(address, /category=.*order=PRICE/);
  });
});
