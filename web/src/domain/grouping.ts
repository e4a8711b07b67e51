/**
 * What rows are grouped by: labels, the outermost first. Any label will do, one that nothing has makes
 * no level; so the labels of a cluster only have to arrive.
 */
export type Grouping = readonly string[];

export const DEFAULT_GROUPING: Grouping = ['node', 'container'];

/** Orders that are asked for often. */
export const GROUPINGS: readonly Grouping[] = [
  DEFAULT_GROUPING,
  ['container'],
  ['comm'],
  ['user', 'comm'],
  ['image', 'container'],
];

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** As many levels as the server takes. */
const MOST_LEVELS = 8;

/** Labels out of `user, comm`; what is no label's name is left out, of two the first counts. */
export function parseGrouping(text: string): Grouping {
  const labels = text
    .split(/[\s,>]+/)
    .filter((label) => LABEL.test(label))
    .slice(0, MOST_LEVELS);
  return [...new Set(labels)];
}

/** As the URL has it; nothing for the default. */
export function encodeGrouping(by: Grouping): string | undefined {
  const text = by.join(',');
  return text === DEFAULT_GROUPING.join(',') ? undefined : text;
}

export function decodeGrouping(text: string | undefined): Grouping {
  const by = parseGrouping(text ?? '');
  return by.length > 0 ? by : DEFAULT_GROUPING;
}
