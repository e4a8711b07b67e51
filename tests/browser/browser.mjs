// Headless Chromium, with ears for what must not be heard: errors, foreign requests.
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium as executable, root } from './machine.mjs';

const fromWeb = createRequire(path.join(root, 'web/package.json'));
const { chromium } = fromWeb('playwright-core');
const axeSource = fromWeb.resolve('axe-core/axe.min.js');

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param cookie the session that tabs have from the beginning; none: nobody is signed in */
export async function startBrowser(origin, cookie) {
  const browser = await chromium.launch({ executablePath: executable, args: flags });
  return {
    /** @param checked the tab can be asked for violations: that check is put into the page, which our policy would refuse */
    async tab({ viewport = { width: 1440, height: 900 }, checked = false, signedIn = true } = {}) {
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce', bypassCSP: checked });
      if (cookie && signedIn) await context.addCookies([cookie]);
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const heard = [];
      page.on('console', (message) => {
        if (message.type() === 'error') heard.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => heard.push(`page: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(origin) && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) {
          heard.push(`request to ${request.url()}`);
        }
      });
      return {
        page,
        async open(route) {
          await page.goto(origin + route, { waitUntil: 'domcontentloaded' });
        },
        /** What axe says is wrong with the page as it is. */
        async violations() {
          await page.addScriptTag({ path: axeSource });
          const found = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
          return found.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
        },
        assertQuiet() {
          if (heard.length > 0) throw new Error(`the page was not quiet:\n${heard.join('\n')}`);
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
