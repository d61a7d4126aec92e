// One server and one browser for the whole suite.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

/** How long a slow machine may need to load the demo and publish its first model. */
const readyWithinMilliseconds = 300_000;

/** How long it may need to show what a test waits for. */
const patienceMilliseconds = 45_000;

/** How long a list that has come to rest has stayed the same. */
const restMilliseconds = 500;

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

/** Waits until the server answers and has a model: without one there are no personal lists. */
function ready(url) {
  return until(
    async () => {
      const answer = await fetch(url).catch(() => null);
      return answer?.ok && (await answer.json()).modelId;
    },
    `${url} had no model within ${readyWithinMilliseconds / 1000} s`,
    readyWithinMilliseconds,
  );
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
 * page throws, logs an error that the test does not expect, or asks another
 * host for anything. VALSE_SLOW=5 makes pages five times slower.
 */
export async function visit(t, path = '/', { expectedErrors, ...options } = {}) {
  const { browser, url } = await suite();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMilliseconds);
  if (process.env.VALSE_SLOW) {
    const devTools = await context.newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: Number(process.env.VALSE_SLOW) });
  }
  const complaints = watch(page, url, expectedErrors);
  t.after(async () => {
    if (t.passed === false) await picture(t, page, complaints);
    await context.close();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
  await page.goto(url + path);
  return page;
}

/** Shows what a test that failed was looking at: in the log, and as a picture. */
async function picture(t, page, complaints) {
  mkdirSync(results, { recursive: true });
  const shown = await page.locator('body').ariaSnapshot({ timeout: 10_000 }).catch(String);
  await page.screenshot({ path: join(results, `failed-${t.name.replaceAll(/\W+/g, '-')}.png`) }).catch(() => {});
  t.diagnostic([page.url(), ...complaints, shown].join('\n'));
}

/** Collects what a page must not do. */
function watch(page, url, expectedErrors = /^$/) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expectedErrors.test(message.text())) complaints.push(`logged: ${message.text()}`);
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

/** The live row, once it has products and has come to rest: that of a visitor stays a moment after a sign-in. */
export async function forYou(page) {
  const row = page.locator('[data-shelf="for-you"]');
  let [seen, since] = ['', 0];
  await until(async () => {
    const now = (await productIds(row)).join();
    if (now !== seen) [seen, since] = [now, Date.now()];
    return seen !== '' && Date.now() - since >= restMilliseconds;
  }, 'the row for you did not come to rest');
  return row;
}

/** The product ids of a row or grid, in order. */
export function productIds(area) {
  return area.locator('[data-product]').evaluateAll((cards) => cards.map((card) => card.dataset.product));
}

/** Waits until the row's products differ from those given, and answers the new ones. */
export async function changed(area, before) {
  let now;
  await until(async () => {
    now = await productIds(area);
    return now.length > 0 && now.join() !== before.join();
  }, `the row stayed ${before.join()}`);
  return now;
}

/** Waits until a condition holds; the complaint, a text or what makes one, says what is wrong when it never does. */
export async function until(holds, complaint, milliseconds = patienceMilliseconds) {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(typeof complaint === 'string' ? complaint : complaint());
    await new Promise((wait) => setTimeout(wait, 100));
  }
}

/** Waits until the server has an event of a type; to be called before the event is caused. */
export async function recorded(page, type) {
  const response = await page.waitForResponse((response) => {
    const request = response.request();
    if (!request.url().endsWith('/graphql') || request.method() !== 'POST') return false;
    const { operationName, variables } = request.postDataJSON() ?? {};
    return operationName === 'RecordInteractions' && variables.interactions.some((event) => event.type === type);
  });
  await response.finished();
}
