/**
 * Queries with places for scope and time: `rate(container_cpu_usage_seconds_total{$container}[$window])`.
 * `$` before a name is a place wherever it stands outside of strings and comments. The server fills
 * them in the same way when it checks a dashboard; both are held to the same cases.
 */
import { type Scope, valuesOf } from './scope';

export interface Matcher {
  label: string;
  /** One of them. */
  values: string[];
}

export interface Selector {
  name: string;
  /** A metric whose label values are offered. */
  metric: string;
  labels: { scope: string; label: string }[];
}

export interface Filling {
  /** The matchers of a selector; `undefined` where there is none of the name. */
  selector: (name: string) => Matcher[] | undefined;
  /** `$window` and `$range`, as PromQL writes durations. */
  window: string;
  range: string;
}

/** A place that nothing is known to fill. */
export class UnknownPlace extends Error {
  /** Where its `$` stands, counted in characters from 1. */
  readonly at: number;
  readonly place: string;

  constructor(place: string, at: number) {
    super(`there is no selector \`$${place}\` (character ${at})`);
    this.name = 'UnknownPlace';
    this.place = place;
    this.at = at;
  }
}

// A string (a back-ticked one knows no escapes), a comment, or a place.
const PART = /"(?:\\[\s\S]|[^"\\])*"?|'(?:\\[\s\S]|[^'\\])*'?|`[^`]*`?|#[^\n]*|\$(\w*)/g;

/** The query with every place filled; throws `UnknownPlace`. */
export function fill(query: string, filling: Filling): string {
  let filled = '';
  let done = 0;
  for (const part of query.matchAll(PART)) {
    if (part.index < done || part[1] === undefined) continue;
    filled += query.slice(done, part.index);
    done = part.index + part[0].length;
    const name = part[1];
    if (name === 'window') filled += filling.window;
    else if (name === 'range') filled += filling.range;
    else {
      const matchers = filling.selector(name);
      if (!matchers) throw new UnknownPlace(name, [...query.slice(0, part.index)].length + 1);
      filled += matchers.map(matcherText).join(',');
      // PromQL allows no comma at the beginning.
      if (matchers.length === 0) done += /^\s*,\s*/.exec(query.slice(done))?.[0].length ?? 0;
    }
  }
  return filled + query.slice(done);
}

/** What a selector stands for in a scope: a matcher for every label of it that is set. */
export function matchersOf(selector: Selector, scope: Scope): Matcher[] {
  return selector.labels
    .map(({ scope: name, label }) => ({ label, values: valuesOf(scope, name) }))
    .filter((m) => m.values.length > 0);
}

/** `a{b="c"}`. */
export function selectorText(metric: string, matchers: readonly Matcher[]): string {
  return `${metric}{${matchers.map(matcherText).join(',')}}`;
}

function matcherText({ label, values }: Matcher): string {
  if (values.length === 1) return `${label}="${escaped(values[0]!)}"`;
  return `${label}=~"${escaped(values.map(regexQuoted).join('|'))}"`;
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}

function regexQuoted(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Scope labels that some selector takes, each once, in their order. */
export function scopeLabelsOf(selectors: readonly Selector[]): string[] {
  return [...new Set(selectors.flatMap((s) => s.labels.map((l) => l.scope)))];
}
