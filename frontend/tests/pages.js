import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit, looks } from './audit.js';
import { forYou, signIn, visit } from './harness.js';

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
