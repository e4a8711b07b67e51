export interface Split {
  before: string;
  hit: string;
  after: string;
}

const WORD = /[\w./-]/;

/**
 * `value` in the text of a condition, as a whole word: `sh` in `(bash, sh)` is the second. Only
 * behind the operator, as the field's own name is no match.
 */
export function splitAround(text: string, value: string): Split | undefined {
  if (value === '') return undefined;
  const start = text.search(/\s/);
  for (let at = text.indexOf(value, Math.max(start, 0)); at >= 0; at = text.indexOf(value, at + 1)) {
    const left = text[at - 1];
    const right = text[at + value.length];
    if ((left === undefined || !WORD.test(left)) && (right === undefined || !WORD.test(right))) {
      return { before: text.slice(0, at), hit: value, after: text.slice(at + value.length) };
    }
  }
  return undefined;
}
