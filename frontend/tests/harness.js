// One server and one browser for the whole suite.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

const readyWithinMilliseconds = 180_000;

/** Where screenshots of a run go; ignored by git. */
export const results = resolve(import.meta.dirname, '../test-results');

let shared;

/** The server's address and the browser, started on first use and stopped after the last test. */
export function suite() {
  shared ??= Promise.all([startServer(), startBrowser()]).then(([server, browser]) => ({ ...server, browser }));
  return shared;
}

after(async () => {
  if (!shared) return;
  const { browser, stop } = await shared;
  await browser.close();
  await stop();
});

/** Starts `valse serve --demo` on a free port and fresh data; VALSE_URL names a running server instead. */
async function startServer() {
  if (process.env.VALSE_URL) return { url: process.env.VALSE_URL, log: () => '', stop: async () => {} };
  const binary = resolve(process.env.VALSE_BIN ?? join(import.meta.dirname, '../../valse'));
  const data = mkdtempSync(join(tmpdir(), 'valse-browser-'));
  const listen = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    binary,
    ['serve', '--demo', '--listen', listen, '--store', `sqlite:${data}/store`, '--warehouse', `${data}/warehouse`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (log += text));
  const gone = new Promise((done) => server.once('exit', done));
  const stop = async () => {
    server.kill('SIGTERM');
    await gone;
    rmSync(data, { recursive: true, force: true });
  };
  const url = `http://${listen}`;
  try {
    await Promise.race([
      ready(`${url}/readyz`),
      gone.then((code) => {
        throw new Error(`${binary} ended with ${code}:\n${log}`);
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, log: () => log, stop };
}

async function ready(url) {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((wait) => setTimeout(wait, 250));
  }
  throw new Error(`${url} was not ready within ${readyWithinMilliseconds / 1000} s`);
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function startBrowser() {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findChromium(), args });
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (!found) throw new Error('no Chromium: install chromium, or set CHROMIUM to its path');
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a page in a fresh visitor's browser for one test, which fails when the
 * page throws, logs an error, or asks another host for anything.
 */
export async function visit(t, path = '/', options = {}) {
  const { browser, url } = await suite();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = watch(page, url);
  t.after(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
  await page.goto(url + path);
  return page;
}

/** Collects what a page must not do. */
function watch(page, url) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`logged: ${message.text()}`);
  });
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(url) && !/^(data|blob):/.test(target)) complaints.push(`asked another host: ${target}`);
  });
  return complaints;
}

/** Signs in as the first persona, or the one named, through the dialog. */
export async function signIn(page, name) {
  await page.getByRole('button', { name: /^Shop as someone$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Shop as someone' });
  const persona = dialog.getByRole('listitem').getByRole('button');
  await (name ? persona.filter({ hasText: name }) : persona).first().click();
  await page.getByRole('heading', { level: 1, name: /^Welcome back/ }).waitFor();
}

/** The live row, once it has products. */
export async function forYou(page) {
  const row = page.locator('[data-shelf="for-you"]');
  await row.locator('[data-product]').first().waitFor();
  return row;
}

/** The product ids of a row or grid, in order. */
export function productIds(area) {
  return area.locator('[data-product]').evaluateAll((cards) => cards.map((card) => card.dataset.product));
}

/** Waits until the row's products differ from those given, and answers the new ones. */
export async function changed(area, before) {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const now = await productIds(area);
    if (now.length > 0 && now.join() !== before.join()) return now;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  throw new Error(`the row stayed ${before.join()}`);
}
