// After `vite build`: every file also as .br and .gz (the server sends them as they are), a report
// of sizes, and an end with an error where a budget is exceeded.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const MANIFEST = join(DIST, '.vite/manifest.json');
const FIRST_PAGE = 'src/features/spotlight/spotlight-page.tsx';
const COMPRESSED = /\.(html|js|css|svg|json|txt)$/;
const KB = 1000;

/** Brotli sizes in kB, from the design. */
const BUDGET = { shell: 160, css: 15, firstLoad: 185, chunk: 45, all: 550 };

const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
rmSync(join(DIST, '.vite'), { recursive: true });

const brotli = new Map();
for (const name of readdirSync(DIST, { recursive: true })) {
  const path = join(DIST, name);
  if (!statSync(path).isFile() || !COMPRESSED.test(name)) continue;
  const bytes = readFileSync(path);
  const br = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  brotli.set(name, br.length);
}

const sum = (names) => [...names].reduce((total, n) => total + (brotli.get(n) ?? 0), 0) / KB;

/** A chunk with all it imports at once, and their styles. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const other of chunk.imports ?? []) filesOf(other, seen);
  return seen;
}

const shell = filesOf('index.html');
const first = new Set([...shell, ...filesOf(FIRST_PAGE), 'index.html']);
const isCss = (name) => name.endsWith('.css');
const rows = [
  ['shell JS', sum([...shell].filter((n) => !isCss(n))), BUDGET.shell],
  ['first load (Spotlight)', sum(first), BUDGET.firstLoad],
  ['CSS of it', sum([...first].filter(isCss)), BUDGET.css],
  ['everything', sum(brotli.keys()), BUDGET.all],
];
for (const name of brotli.keys()) {
  if (name.endsWith('.js') && !shell.has(name)) rows.push([name, sum([name]), BUDGET.chunk]);
}

let over = 0;
for (const [what, kb, most] of rows) {
  const bad = kb > most;
  over += bad;
  console.log(
    `${bad ? 'OVER ' : '     '}${kb.toFixed(1).padStart(6)} of ${String(most).padStart(3)} kB br  ${what}`,
  );
}
if (over > 0) {
  console.error(`${over} of the page's size budgets exceeded`);
  process.exit(1);
}
