// The whole product in a real browser: `lanner up` on this kernel, a real container, headless
// Chromium. `node run.mjs [PART OF A NAME]`. With UPDATE_IMAGES=1 the pictures of docs/images are
// written anew; without it they go to target/browser.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root, machineGives } from './machine.mjs';
import { startBrowser } from './browser.mjs';
import { startCrowd, startLanner } from './product.mjs';
import { cases } from './cases.mjs';

const only = process.argv[2] ?? '';
const missing = machineGives();
if (missing !== null) {
  console.log(`skipped: ${missing}`);
  const required = (process.env.LANNER_REQUIRE ?? '').split(',');
  const failed = required.includes('browser') ? 1 : 0;
  console.log(`browser: 0 passed, ${failed} failed`);
  process.exit(failed);
}

const images = process.env.UPDATE_IMAGES ? path.join(root, 'docs/images') : path.join(root, 'target/browser');
mkdirSync(images, { recursive: true });
mkdirSync(path.join(root, 'target'), { recursive: true });

let passed = 0;
let failed = 0;
let container;
let browser;
const lanner = await startLanner();
try {
  container = startCrowd();
  browser = await startBrowser(lanner.page, lanner.cookie);
  for (const [name, test] of Object.entries(cases)) {
    if (!name.includes(only)) continue;
    const tab = await browser.tab();
    try {
      await test({ lanner, container, browser, tab, images });
      tab.assertQuiet();
      console.log(`ok   ${name}`);
      passed += 1;
    } catch (error) {
      console.log(`FAIL ${name}\n${error.stack}`);
      await tab.page.screenshot({ path: path.join(root, 'target', `browser-failed-${failed}.png`) }).catch(() => {});
      failed += 1;
    } finally {
      await tab.close();
    }
  }
} finally {
  await browser?.close();
  await container?.stop();
  await lanner.stop();
}
if (passed + failed === 0) failed = 1; // a filter that fits nothing is a mistake
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
