import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { DashboardContent } from '../../api/dashboards';
import { JAPANESE } from './shipped-ja';

const FOLDER = resolve(import.meta.dirname, '../../../../dashboards');
/** The same in both languages. */
const SAME = new Set(['', 'CPU', 'TCP', 'UDP', 'time-wait', 'forks']);

const texts = new Set(
  readdirSync(FOLDER).flatMap((file) => {
    const content = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as DashboardContent;
    return [
      content.title,
      content.description,
      ...content.panels.flatMap((p) => [
        p.title,
        p.description ?? '',
        ...p.queries.map((q) => q.legend ?? ''),
      ]),
    ];
  }),
);
const needsWords = (text: string) => !SAME.has(text) && text.replace(/\{\{\w+\}\}|[\s:()]/g, '') !== '';

test('every text of the shipped dashboards is there in Japanese', () => {
  expect([...texts].filter((text) => needsWords(text) && !(text in JAPANESE))).toEqual([]);
});

test('no translation is of a text that is gone, and each keeps the labels', () => {
  const labels = (text: string) => text.match(/\{\{\w+\}\}/g) ?? [];
  for (const [english, japanese] of Object.entries(JAPANESE)) {
    expect(texts).toContain(english);
    expect(labels(japanese)).toEqual(labels(english));
  }
});
