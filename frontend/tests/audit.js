// What every page must pass, at every size and in both schemes.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { results } from './harness.js';

// Run, not added as a script: the server's policy allows no inline scripts.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Windows and schemes that pages are looked at in. */
export const looks = [
  { name: 'desk-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'desk-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'phone-light', viewport: { width: 360, height: 780 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 360, height: 780 }, colorScheme: 'dark' },
];

/** Takes a picture of the page under a name, and fails when it is not accessible or wider than its window. */
export async function audit(page, name) {
  mkdirSync(results, { recursive: true });
  // What comes late, like a live list, must not be caught half faded in.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.waitForFunction(isStill);
  await page.screenshot({ path: join(results, `${name}.png`) });
  assert.deepEqual(await findings(page), [], name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
}

/** Runs in the page: whether every transition has ended; what pulses for ever does not count. */
function isStill() {
  return document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect.getTiming().iterations === Infinity);
}

/** Accessibility findings of a page, one line each. */
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}
