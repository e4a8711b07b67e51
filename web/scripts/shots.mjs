// Pictures of every page in both themes and languages from the mock server, with what the console
// said and what axe found.  node scripts/shots.mjs [folder] [name part]
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const OUT = process.argv[2] ?? '/tmp/lanner-shots';
const ONLY = process.argv[3] ?? '';
const PORT = 7399;
const BASE = `http://127.0.0.1:${PORT}`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const EVENT = 'f-7f3a91c2';
const CHECKOUT = 'checkout';
const PAGES = [
  { name: 'explore', path: '/explore', all: true },
  { name: 'explore-narrow', path: '/explore', size: [1280, 800] },
  { name: 'explore-flat', path: '/explore?view=flat' },
  { name: 'explore-drawer', path: '/explore', all: true, act: openDrawer },
  { name: 'explore-filter', path: '/explore?q=postgres' },
  { name: 'explore-problems', path: '/explore?only=problems' },
  { name: 'explore-nothing', path: '/explore?q=nothing+like+this' },
  { name: 'explore-empty', path: '/explore', scenario: 'no-agent', all: true },
  { name: 'explore-broken', path: '/explore', scenario: 'broken', wait: 2500 },
  { name: 'explore-loading', path: '/explore', scenario: 'slow' },
  {
    name: 'explore-paused',
    path: '/explore',
    act: async (page) => {
      await page.mouse.move(500, 300);
      await page.waitForTimeout(4500);
    },
  },
  {
    name: 'explore-columns',
    path: '/explore',
    act: (page) => page.getByRole('button', { name: /Columns|列/ }).click(),
  },
  {
    name: 'explore-group-by',
    path: '/explore',
    all: true,
    act: (page) => page.getByRole('button', { name: /node › container/ }).click(),
  },
  { name: 'range', path: '/explore', all: true, act: (page) => page.keyboard.press('t') },
  { name: 'help', path: '/explore', all: true, act: (page) => page.keyboard.press('?') },
  { name: 'events', path: '/security/events?from=now-24h', all: true },
  { name: 'events-1280', path: '/security/events?from=now-24h', size: [1280, 800] },
  {
    name: 'events-grouped',
    path: '/security/events?from=now-24h&group=rule',
    all: true,
    act: (page) => page.locator('summary').first().click(),
  },
  { name: 'events-quiet', path: '/security/events', scenario: 'quiet', all: true },
  { name: 'events-noagent', path: '/security/events', scenario: 'no-agent' },
  { name: 'events-phone', path: '/security/events?from=now-24h', size: [320, 700] },
  { name: 'event', path: `/security/events/${EVENT}`, all: true },
  { name: 'event-1280', path: `/security/events/${EVENT}`, size: [1280, 800] },
  { name: 'event-phone', path: `/security/events/${EVENT}`, size: [320, 900] },
  { name: 'about', path: '/settings/about', all: true },
];

async function openDrawer(page) {
  await page.locator('[role=row][data-kind=container]', { hasText: CHECKOUT }).first().click();
  await page.waitForSelector('aside canvas');
  await page.mouse.move(5, 5);
}

const server = spawn(process.execPath, [new URL('mock-server.mjs', import.meta.url).pathname, String(PORT)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise((up) => server.stdout.once('data', up));
mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

let bad = 0;
for (const entry of PAGES) {
  if (!entry.name.includes(ONLY)) continue;
  for (const [theme, lang] of entry.all
    ? [
        ['dark', 'en'],
        ['light', 'en'],
        ['light', 'ja'],
        ['dark', 'ja'],
      ]
    : [['light', 'en']]) {
    const name = `${entry.name}-${theme}-${lang}`;
    await fetch(`${BASE}/mock?scenario=${entry.scenario ?? 'normal'}`);
    const [width, height] = entry.size ?? [1440, 900];
    const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'Asia/Tokyo' });
    const said = [];
    page.on('console', (m) => m.type() === 'error' && said.push(m.text()));
    page.on('pageerror', (e) => said.push(String(e)));
    await page.goto(`${BASE}${entry.path}${entry.path.includes('?') ? '&' : '?'}theme=${theme}&lang=${lang}`);
    await page.waitForTimeout(entry.wait ?? 700);
    try {
      await entry.act?.(page);
    } catch (failure) {
      said.push(String(failure).split('\n')[0]);
    }
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${OUT}/${name}.png` });
    // Not through a script element: the page's own policy forbids those.
    await page.evaluate(axe);
    const found = await page.evaluate(() =>
      globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }),
    );
    for (const v of found.violations) {
      bad += 1;
      console.log(
        `${name}: axe ${v.id} (${v.nodes.length}): ${v.nodes[0].target} ${v.nodes[0].failureSummary.split('\n')[1] ?? ''}`,
      );
    }
    for (const text of said) {
      if (entry.scenario === 'broken') continue;
      bad += 1;
      console.log(`${name}: console ${text}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (wide) console.log(`${name}: wider than the window`);
    await page.close();
  }
}
await browser.close();
server.kill();
console.log(bad === 0 ? `pictures in ${OUT}` : `${bad} findings`);
process.exit(bad === 0 ? 0 : 1);
