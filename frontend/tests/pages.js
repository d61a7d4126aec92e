import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit, looks } from './audit.js';
import { forYou, signIn, until, visit } from './harness.js';

/** Pages of the shop, each with how to know that it is there. */
const pages = [
  { name: 'home', open: (page) => forYou(page) },
  { name: 'browse', path: '/browse', open: (page) => page.locator('[data-product]').first().waitFor() },
  {
    name: 'product',
    open: async (page) => {
      await (await forYou(page)).locator('[data-product] a').first().click();
      await page.getByRole('slider').nth(3).waitFor();
    },
  },
  {
    name: 'cart',
    open: async (page) => {
      await (await forYou(page)).locator('[data-product] a').first().click();
      await page.getByRole('button', { name: 'Add to cart' }).click();
      await page.getByRole('link', { name: /^Cart, 1/ }).click();
      await page.getByRole('button', { name: 'Buy now' }).waitFor();
    },
  },
  {
    name: 'taste',
    open: async (page) => {
      await signIn(page);
      await page.getByRole('link', { name: 'My taste' }).click();
      await page.getByRole('complementary', { name: 'Your list' }).getByRole('listitem').first().waitFor();
      await page.getByRole('switch').first().focus();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Let all count' }).waitFor();
    },
  },
  { name: 'questions', path: '/questions', open: (page) => page.getByRole('button', { name: 'I like it' }).waitFor() },
  {
    name: 'sign-in',
    open: async (page) => {
      await page.getByRole('button', { name: 'Shop as someone' }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  },
  { name: 'not-found', path: '/nowhere', open: (page) => page.getByRole('heading', { name: 'There is no such page' }).waitFor() },
];

describe('every page', () => {
  for (const { name, path = '/', open } of pages) {
    for (const look of looks) {
      it(`${name} is accessible and fits, ${look.name}`, async (t) => {
        const page = await visit(t, path, { viewport: look.viewport, colorScheme: look.colorScheme });
        await open(page);
        await audit(page, `${name}-${look.name}`);
      });
    }
  }
});

describe('cards', () => {
  it('are equally wide whatever they hold, and on a phone their menus hide no picture', async (t) => {
    const page = await visit(t, '/', { viewport: { width: 360, height: 780 } });
    const cards = (await forYou(page)).locator('[data-product]');
    await cards.first().locator('a > span > span').last().evaluate((vendor) => (vendor.textContent = 'Vendor'.repeat(20)));
    const widths = await cards.evaluateAll((all) => all.map((card) => card.getBoundingClientRect().width));
    assert.equal(new Set(widths).size, 1, `widths ${widths.join(' ')}`);
    const menu = await cards.first().getByRole('button', { name: /^More for/ }).boundingBox();
    const picture = await cards.first().locator('img').boundingBox();
    assert.ok(menu.y >= picture.y + picture.height, 'the menu lies on the picture');
  });

  it('show their menus to a mouse when it comes, and to the keyboard', async (t) => {
    const page = await visit(t);
    const card = (await forYou(page)).locator('[data-product]').first();
    const menu = card.getByRole('button', { name: /^More for/ });
    const shown = (opacity) => until(async () => (await menu.evaluate((button) => getComputedStyle(button).opacity)) === opacity, `the menu was not at opacity ${opacity}`);
    await page.mouse.move(0, 0);
    await shown('0');
    await card.hover();
    await shown('1');
    await page.mouse.move(0, 0);
    await shown('0');
    await menu.focus();
    await shown('1');
  });
});

describe('a shop without', () => {
  it('categories has no empty line under its header', async (t) => {
    const page = await visit(t, '/cart');
    const header = page.locator('header').first();
    await page.getByRole('navigation', { name: 'Departments' }).waitFor();
    const { height } = await header.boundingBox();
    await answer(page, 'Departments', (data) => (data.categories = []));
    await page.reload();
    await until(async () => (await header.boundingBox()).height <= height - 30, 'the header kept the line');
  });

  it('anything known of its visitor shows best-sellers once', async (t) => {
    const page = await visit(t, '/cart');
    await answer(page, 'Shelves', (data) => (data.shelves = data.shelves.filter(({ kind }) => kind !== 'FOR_YOU')));
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('heading', { name: 'On the rise' }).waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Best-sellers' }).count(), 0);
  });
});

/** Changes what the server answers to an operation. */
function answer(page, operation, change) {
  return page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON()?.operationName !== operation) return route.fallback();
    const response = await route.fetch();
    const body = await response.json();
    change(body.data);
    await route.fulfill({ response, json: body });
  });
}

describe('the keyboard', () => {
  it('is enough to skip to the row, rate a product and see the row move', async (t) => {
    const page = await visit(t);
    const row = await forYou(page);
    await page.keyboard.press('Tab');
    await page.locator('a:focus', { hasText: /^Skip to content$/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#main:focus').waitFor();
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement.getAttribute('type') === 'range')) break;
    }
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('type')), 'range');
    await page.keyboard.press('End');
    await row.getByText(/Just updated after rating .* 5 stars/).waitFor();
  });

  it('opens and leaves the menu of a card where it was', async (t) => {
    const page = await visit(t);
    const menu = (await forYou(page)).locator('[data-product]').first().getByRole('button', { name: /^More for/ });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    // The focus is handed back a moment after the menu has gone.
    await page.locator(':focus[aria-label^="More for"]').waitFor();
  });
});

describe('colours', () => {
  it('follow the switch and stay after a reload', async (t) => {
    const page = await visit(t, '/', { colorScheme: 'light' });
    const shown = (scheme) => page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
    await shown('light');
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    await shown('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Switch to light colours' }).waitFor();
    await shown('dark');
  });
});
