import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '..');

/** Which rooms may look into which. `testing` may see all, and only tests see it. */
const MAY_IMPORT: Record<string, string[]> = {
  domain: [],
  api: ['domain'],
  ui: ['domain'],
  features: ['domain', 'api', 'ui'],
  app: ['domain', 'api', 'ui', 'features'],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (f) => /\.tsx?$/.test(f) && !f.includes('.test.'),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map((m) =>
    relative(SRC, resolve(SRC, dirname(file), m[1]!)),
  );
}

const roomOf = (path: string) => path.split('/')[0]!;

test('imports go one way: app, features, ui and api, domain', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const allowed = MAY_IMPORT[roomOf(file)];
    if (!allowed) continue;
    for (const target of importsOf(file)) {
      if (roomOf(target) !== roomOf(file) && !allowed.includes(roomOf(target)))
        wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('a feature imports no other feature', () => {
  const feature = (path: string) => path.split('/').slice(0, 2).join('/');
  const wrong = files
    .filter((f) => roomOf(f) === 'features')
    .flatMap((f) =>
      importsOf(f)
        .filter((t) => roomOf(t) === 'features' && feature(t) !== feature(f))
        .map((t) => `${f} -> ${t}`),
    );
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const byStem = new Map(files.map((f) => [f.replace(/\.tsx?$/, ''), f]));
  const graph = new Map(files.map((f) => [f, importsOf(f).flatMap((t) => byStem.get(t) ?? [])]));
  const done = new Set<string>();
  const walk = (file: string, path: string[]) => {
    if (path.includes(file))
      throw new Error(`circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
});

test('only api asks the server', () => {
  const wrong = files.filter(
    (f) =>
      roomOf(f) !== 'api' &&
      /\bfetch\(|new EventSource|XMLHttpRequest/.test(readFileSync(join(SRC, f), 'utf8')),
  );
  expect(wrong).toEqual([]);
});
