// Takes the picture of the shop that the README shows.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { it } from 'node:test';
import { forYou, signIn, visit } from './harness.js';

const images = resolve(import.meta.dirname, '../../docs/img');

it('pictures the start page as Mara sees it', async (t) => {
  const page = await visit(t, '/', { colorScheme: 'light', deviceScaleFactor: 1, reducedMotion: 'reduce' });
  await signIn(page, 'Mara');
  await forYou(page);
  await page.mouse.move(0, 0);
  await page.waitForFunction(areCoversShown);
  mkdirSync(images, { recursive: true });
  await page.screenshot({ path: join(images, 'shop.png') });
});

/** Runs in the page: whether every cover in the window has been drawn. */
function areCoversShown() {
  const inWindow = [...document.querySelectorAll('main img')].filter((image) => {
    const { top, left } = image.getBoundingClientRect();
    return top < window.innerHeight && left < window.innerWidth;
  });
  return inWindow.length > 0 && inWindow.every((image) => image.parentElement.dataset.state === 'shown');
}
