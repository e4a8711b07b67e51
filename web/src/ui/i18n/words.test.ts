import { expect, test } from 'vitest';
import { en } from './en';
import { ja } from './ja';

function entries(words: object, path = ''): [string, unknown][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? entries(value, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, unknown]],
  );
}

test('both languages have the same keys and no empty word', () => {
  const english = new Map(entries(en));
  const japanese = new Map(entries(ja));
  expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort());
  const units = (key: string) => key.startsWith('charts.units.');
  for (const [key, word] of [...english, ...japanese]) {
    if (!units(key)) expect(word, key).not.toBe('');
  }
});

test('sentences have no exclamation mark, no ellipsis of dots and no double space', () => {
  for (const words of [en, ja]) {
    for (const [key, value] of entries(words)) {
      const text = typeof value === 'function' ? String(value(2, 3)) : String(value);
      expect(text, key).not.toMatch(/[!！]|\.\.\.| {2}/);
    }
  }
});

test('one is singular in English', () => {
  expect(en.events.watching(1, 1)).toBe('1 rule is watching 1 host.');
  expect(en.events.watching(10, 2)).toBe('10 rules are watching 2 hosts.');
  expect(en.live.waiting(1)).toBe('1 update waiting');
});

test('Japanese has no space between a digit and its counter', () => {
  for (const [key, value] of entries(ja)) {
    const text = typeof value === 'function' ? String(value(2, 3)) : String(value);
    expect(text, key).not.toMatch(/\d [件台秒分日行列]/);
  }
});
