import { expect, test } from 'vitest';
import type { AlertRuleSpec } from '../../api/alerts';
import { draftOf, formatDuration, NEW_DRAFT, parseDuration, promqlOf, specOf } from './rule-draft';

const conditions: AlertRuleSpec['condition'][] = [
  { type: 'metric', expr: 'up', comparison: 'below', threshold: 0.5, warning: 0.9, unit: 'percent' },
  { type: 'metric', expr: 'up', comparison: 'equal', threshold: 0, warning: null, unit: 'none' },
  { type: 'security_event', rules: ['a', 'b'], min_severity: 'high', container: 'web.*', quiet_ms: 60_000 },
  { type: 'agent_down', silent_ms: 90_000, node: '' },
];

test.each(conditions)('a rule of type $type is the same after it was in the form', (condition) => {
  const isMetric = condition.type === 'metric';
  const spec: AlertRuleSpec = {
    name: 'A rule',
    description: 'what to do',
    enabled: false,
    severity: 'critical',
    condition,
    for_ms: isMetric ? 300_000 : 0,
    keep_firing_ms: isMetric ? 90_000 : 0,
    repeat_ms: null,
    channels: ['a'],
  };
  expect(specOf(draftOf(spec))).toEqual({ spec });
});

test('what is not typed yet is named', () => {
  expect(specOf(NEW_DRAFT).wrong).toEqual(['name', 'expr', 'threshold']);
  const draft = { ...NEW_DRAFT, name: 'x', expr: 'up', threshold: '1', warning: 'y', hold: 'soon' };
  expect(specOf(draft).wrong).toEqual(['warning', 'duration']);
});

test('times are written with their units', () => {
  expect(['0', '30s', '1h 30m', '2d', '', '5', '-1s', '1w'].map(parseDuration)).toEqual([
    0,
    30_000,
    5_400_000,
    172_800_000,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([0, 90_000, 300_000, 7_200_000, 86_400_000].map(formatDuration)).toEqual([
    '0s',
    '90s',
    '5m',
    '2h',
    '1d',
  ]);
});

test('a form becomes PromQL', () => {
  const form = { metric: 'm', selectors: [], fold: 'value', over: 'none', by: '' } as const;
  expect(promqlOf(form)).toBe('m');
  const scope = [
    { label: 'node', values: ['a"b'] },
    { label: 'container', values: ['x.y', 'z'] },
  ];
  expect(promqlOf({ ...form, selectors: scope, fold: 'rate', over: 'sum', by: 'node, pod' })).toBe(
    'sum by (node, pod) (rate(m{node="a\\"b",container=~"x\\\\.y|z"}[2m]))',
  );
  expect(promqlOf({ ...form, fold: 'increase', over: 'max' })).toBe('max(increase(m[5m]))');
});
