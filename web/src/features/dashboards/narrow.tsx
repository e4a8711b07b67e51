import type { ReactNode } from 'react';
import type { DashboardContent } from '../../api/dashboards';
import { type LabelSet, labelText } from '../../domain/panel';
import { formatScope, type Scope, withValues } from '../../domain/scope';
import controls from '../../ui/controls.module.css';
import type { PanelPlace } from './place';
import { useDashboardWords } from './words';

/** The scope that holds just what some labels name; `undefined` where that is no narrower than now. */
export function narrowed(
  scope: Scope,
  labels: LabelSet,
  selectors: DashboardContent['selectors'],
): Scope | undefined {
  let found = scope;
  for (const [label, value] of Object.entries(labels)) {
    // `other` is the sum of those that have no series of their own.
    if (value === '' || (label === 'pid' && value === 'other')) continue;
    const known = selectors.flatMap((s) => s.labels).find((l) => l.label === label);
    if (known) found = withValues(found, known.scope, [value]);
  }
  return formatScope(found) === formatScope(scope) ? undefined : found;
}

/** A name that narrows the page to what it names, where it can. */
export function Narrow({
  labels,
  place,
  children,
}: {
  labels: LabelSet;
  place: PanelPlace;
  children: ReactNode;
}) {
  const words = useDashboardWords();
  const scope = narrowed(place.scope, labels, place.selectors);
  if (!scope) return children;
  const what = scope
    .filter((s) => !place.scope.includes(s))
    .flatMap((s) => s.values.map((value) => labelText(s.label, value)))
    .join(' ');
  return (
    <button
      type="button"
      className={controls.link}
      title={words.narrow(what)}
      onClick={() => place.onScope(scope)}
    >
      {children}
    </button>
  );
}
