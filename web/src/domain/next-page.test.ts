import { expect, test } from 'vitest';
import { nextOf } from './next-page';

test('only addresses of this page are gone to', () => {
  for (const good of ['/explore', '/explore?q=a&by=node,container', '/security/events/f-1']) {
    expect(nextOf(good)).toBe(good);
  }
  for (const bad of [
    undefined,
    '',
    '/',
    '/login',
    '/login?next=/a',
    '//evil.example/',
    '/\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/\t/evil.example',
  ]) {
    expect(nextOf(bad)).toBeUndefined();
  }
});
