import { expect, test } from 'vitest';
import { hexLines, textOf } from './hex';

test('sixteen bytes stand on a line', () => {
  const hex = '726f6f743a783a303a303a726f6f743a2f0a00';
  expect(hexLines(hex)).toEqual([
    { offset: '0000', hex: '72 6f 6f 74 3a 78 3a 30 3a 30 3a 72 6f 6f 74 3a', text: 'root:x:0:0:root:' },
    { offset: '0010', hex: '2f 0a 00', text: '/..' },
  ]);
});

test('what is no text is not shown as text', () => {
  expect(textOf('726f6f740a')).toBe('root\n');
  expect(textOf('7f454c4602010100')).toBeUndefined();
  expect(textOf('')).toBeUndefined();
});
