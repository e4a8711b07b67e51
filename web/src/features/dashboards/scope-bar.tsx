import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DashboardContent } from '../../api/dashboards';
import { labelValuesQuery } from '../../api/promql';
import { labelText } from '../../domain/panel';
import { type Scope, valuesOf, withValues } from '../../domain/scope';
import { matchersOf, scopeLabelsOf, selectorText } from '../../domain/template';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Popover } from '../../ui/popover';
import { ScopeChips } from '../../ui/scope-chips';
import { Skeleton } from '../../ui/states';
import styles from './dashboards.module.css';
import type { Moment } from './use-moment';
import { useDashboardWords } from './words';

interface ScopeBarProps {
  selectors: DashboardContent['selectors'];
  scope: Scope;
  moment: Moment;
  onChange: (scope: Scope) => void;
}

/** The scope of a dashboard: its chips, and what else it can be narrowed by. */
export function ScopeBar({ selectors, scope, moment, onChange }: ScopeBarProps) {
  const words = useDashboardWords();
  const { scope: scopeWords } = useWords();
  const labels = scopeLabelsOf(selectors);
  const [label, setLabel] = useState<string>();
  const free = labels.filter((l) => valuesOf(scope, l).length === 0);
  const choices = (of: string) => (
    <Values label={of} selectors={selectors} scope={scope} moment={moment} onChange={onChange} />
  );
  return (
    <>
      <ScopeChips scope={scope} takes={new Set(labels)} onChange={onChange} choices={choices} />
      {(free.length > 0 || label !== undefined) && (
        <Popover
          label={words.chooseLabel}
          buttonClass={`${controls.chip} ${styles.add}`}
          button={`+ ${words.addScope}`}
          onOpen={() => setLabel(undefined)}
        >
          {() =>
            label === undefined ? (
              <ul className={styles.values}>
                {free.map((l) => (
                  <li key={l}>
                    <button type="button" onClick={() => setLabel(l)}>
                      {scopeWords.names[l] ?? l}
                    </button>
                  </li>
                ))}
              </ul>
            ) : (
              choices(label)
            )
          }
        </Popover>
      )}
    </>
  );
}

const MOST_SHOWN = 100;

/** Values that a label has in the rest of the scope; any of those that are ticked. */
function Values({ label, selectors, scope, moment, onChange }: ScopeBarProps & { label: string }) {
  const words = useDashboardWords();
  const { scope: scopeWords } = useWords();
  const format = useFormat();
  const [filter, setFilter] = useState('');
  const selector = selectors.find((s) => s.labels.some((l) => l.scope === label))!;
  const series = selector.labels.find((l) => l.scope === label)!.label;
  const match = selectorText(selector.metric, matchersOf(selector, withValues(scope, label, [])));
  const { fromMs, toMs } = moment.grid;
  const asked = useQuery(labelValuesQuery(series, match, fromMs, toMs));
  const chosen = valuesOf(scope, label);
  const known = (asked.data ?? []).filter((v) => v !== '' && !chosen.includes(v));
  const needle = filter.toLowerCase();
  const found = [...chosen, ...known].filter((v) => v.toLowerCase().includes(needle));
  const name = scopeWords.names[label] ?? label;
  return (
    <div className={styles.values}>
      <label className={controls.field}>
        <input
          data-first
          type="search"
          value={filter}
          placeholder={words.filterValues}
          aria-label={words.filterValues}
          onChange={(event) => setFilter(event.target.value)}
        />
      </label>
      <ul aria-label={words.chooseValue(name)}>
        {found.slice(0, MOST_SHOWN).map((value) => (
          <li key={value}>
            <label className={controls.check} title={value}>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={(event) =>
                  onChange(
                    withValues(
                      scope,
                      label,
                      event.target.checked ? [...chosen, value] : chosen.filter((v) => v !== value),
                    ),
                  )
                }
              />
              {labelText(label, value, format)}
            </label>
          </li>
        ))}
      </ul>
      {found.length > MOST_SHOWN && <p>{words.moreValues(format.exact(found.length - MOST_SHOWN))}</p>}
      {!asked.data && !asked.error && <Skeleton rows={3} />}
      {asked.error && <p role="alert">{asked.error.message}</p>}
      {asked.data && found.length === 0 && <p>{words.noValues}</p>}
    </div>
  );
}
