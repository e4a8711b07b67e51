import { expect, test } from 'vitest';
import { KEY_HELP, type KeyPress, type KeyState, nextKey } from './keys';

const IDLE: KeyState = { going: false };
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  meta: false,
  alt: false,
  composing: false,
  typing: false,
  ...more,
});

/** What a row of keys does, the last of them. */
function check(keys: KeyPress[]) {
  let state = IDLE;
  let action: string | undefined;
  for (const key of keys) ({ state, action } = nextKey(state, key));
  return action;
}

test.each([
  [['g', 'e'], 'go_explore'],
  [['g', 'v'], 'go_events'],
  [['g', ','], 'go_about'],
  [['g', 'z'], undefined],
  [['g', 'g', 'e'], undefined],
  [['/'], 'filter'],
  [['?'], 'help'],
  [['j'], 'down'],
  [['ArrowUp'], 'up'],
  [['e'], undefined],
  [[','], 'earlier'],
])('the keys %j do %s', (keys, action) => {
  expect(check(keys.map((k) => press(k)))).toBe(action);
});

test.each([{ typing: true }, { composing: true }, { ctrl: true }, { meta: true }, { alt: true }])(
  'no letter is a command with %j',
  (more) => {
    expect(check([press('j', more)])).toBeUndefined();
    expect(check([press('g'), press('e', more)])).toBeUndefined();
  },
);

test('Escape works while one types, but not during composition', () => {
  expect(check([press('Escape', { typing: true })])).toBe('close');
  expect(check([press('Escape', { typing: true, composing: true })])).toBeUndefined();
});

test('every key of the help does what the help says', () => {
  const names: Record<string, string> = {
    '↓': 'ArrowDown',
    '↑': 'ArrowUp',
    '←': 'ArrowLeft',
    '→': 'ArrowRight',
    Esc: 'Escape',
  };
  for (const { keys, action } of KEY_HELP) {
    const written = keys.map((k) => press(names[k] ?? k));
    if (keys[0] === 'g') expect(check(written)).toBe(action);
    else for (const key of written) expect(check([key])).toBe(action);
  }
});
