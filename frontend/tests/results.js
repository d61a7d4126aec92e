// What lists lead to: from a card that is seen to the studio's figures.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit, looks } from './audit.js';
import { forYou, recorded, signIn, suite, until, visit } from './harness.js';
import { ask, studio } from './studio.js';

const question = `{ results { groups { shelf funnel { impressions clicks carts purchases } } } }`;

describe('results', () => {
  it('count what is seen, clicked, put into the cart and bought, for the row it came from', async (t) => {
    const admin = await studio(t, '/studio/results');
    const counted = async () => {
      const { results } = await ask(admin, question);
      return results.groups.find(({ shelf }) => shelf === 'FOR_YOU')?.funnel ?? { impressions: 0, clicks: 0, carts: 0, purchases: 0 };
    };
    const before = await counted();

    const page = await visit(t);
    const seen = recorded(page, 'IMPRESSION'); // the row may be in view for long when it is waited for
    await signIn(page);
    const row = await forYou(page);
    await row.scrollIntoViewIfNeeded();
    await seen;
    const clicked = recorded(page, 'CLICK');
    await row.locator('[data-product]').first().getByRole('link').first().click();
    await clicked;
    const carted = recorded(page, 'CART');
    await page.getByRole('button', { name: /cart$/i }).first().click();
    await carted;
    await page.goto(`${(await suite()).url}/cart`);
    const bought = recorded(page, 'PURCHASE');
    await page.getByRole('button', { name: 'Buy now' }).click();
    await bought;

    const after = await counted();
    assert.ok(after.impressions > before.impressions, `${after.impressions} impressions, ${before.impressions} before`);
    for (const step of ['clicks', 'carts', 'purchases']) assert.ok(after[step] > before[step], `${after[step]} ${step}, ${before[step]} before`);

    await admin.reload();
    await admin.getByRole('rowheader', { name: 'For you', exact: true }).waitFor();
    await admin.getByText(/^Products came into view/).waitFor();
    await admin.getByText('Model', { exact: true }).click();
    await admin.waitForURL(/by=model/);
    await admin.getByRole('rowheader', { name: /^\d{8}T/ }).first().waitFor();
    await admin.getByText('Purchases', { exact: true }).first().click();
    await admin.waitForURL(/step=purchase/);
  });

  it('say why there are none', async (t) => {
    const page = await studio(t, '/studio/results?from=2020-01-01&to=2020-01-31');
    await page.getByText(/^Nothing was recorded in these days at all/).waitFor();
    await page.getByLabel('To', { exact: true }).fill('2020-03-01');
    await page.waitForURL(/to=2020-03-01/);
  });

  for (const look of looks) {
    it(`are accessible and fit, ${look.name}`, async (t) => {
      const page = await studio(t, '/studio/results', { viewport: look.viewport, colorScheme: look.colorScheme });
      await until(() => page.getByRole('region', { name: 'Rates by shelf' }).isVisible(), 'no results were shown');
      await audit(page, `studio-results-${look.name}`);
    });
  }
});
