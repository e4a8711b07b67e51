import { expect, test } from 'vitest';
import { securityEvents } from '../testing/fixtures';
import { groupByRule, matchesFilter, mergeFindings } from './finding';
import { decodeEvents } from './search';
import { countOf, findingsWeight, gravest, totalOf } from './severity';

const EVENTS = securityEvents(1_795_406_645_000);
const [first, second, third] = EVENTS;

test('what arrived and what was read are one list without doubles, newest first', () => {
  const merged = mergeFindings([second!, first!], [third!, second!]);
  expect(merged.map((e) => e.id)).toEqual([first!.id, second!.id, third!.id]);
});

test('events of the same millisecond are told apart by their nanoseconds', () => {
  const at = (id: string, time_ns: string) => ({ ...first!, id, time_ns });
  const merged = mergeFindings(
    [at('a', '1795406645000000001')],
    [at('b', '1795406645000000002'), at('c', '999')],
  );
  expect(merged.map((e) => e.id)).toEqual(['b', 'a', 'c']);
});

test.each([
  [{}, true],
  [{ sev: 'critical' }, true],
  [{ sev: 'low,info' }, false],
  [{ rule: 'Shell started in a container' }, true],
  [{ rule: 'Shell' }, false],
  [{ container: 'host' }, false],
  [{ q: 'CHECKOUT' }, true],
  [{ q: 'nginx' }, false],
])('the filter %j keeps the event: %s', (search, kept) => {
  expect(matchesFilter(first!, decodeEvents(search))).toBe(kept);
});

test('an event on the host is found by "host"', () => {
  const onHost = EVENTS.find((e) => e.container === null)!;
  expect(matchesFilter(onHost, decodeEvents({ container: 'host' }))).toBe(true);
});

test('groups are by rule, the gravest first, with all their events', () => {
  const groups = groupByRule(EVENTS);
  expect(groups[0]!.severity).toBe('critical');
  expect(groups.reduce((sum, g) => sum + g.findings.length, 0)).toBe(EVENTS.length);
  for (const g of groups) {
    expect(g.firstMs).toBe(Math.min(...g.findings.map((f) => f.time_ms)));
    expect(g.lastMs).toBe(Math.max(...g.findings.map((f) => f.time_ms)));
    expect(new Set(g.places).size).toBe(g.places.length);
  }
});

test('one critical weighs more than any number of highs', () => {
  expect(findingsWeight([{ severity: 'critical', count: 1 }])).toBeGreaterThan(
    findingsWeight([
      { severity: 'high', count: 5000 },
      { severity: 'medium', count: 900 },
    ]),
  );
});

test('counts leave out zeros and are found by severity', () => {
  const counts = [
    { severity: 'low' as const, count: 2 },
    { severity: 'high' as const, count: 1 },
    { severity: 'critical' as const, count: 0 },
  ];
  expect(totalOf(counts)).toBe(3);
  expect(countOf(counts, 'medium')).toBe(0);
  expect(gravest(counts)).toEqual({ severity: 'high', count: 1 });
  expect(gravest([])).toBeUndefined();
});
