import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { labelValuesQuery } from '../../api/promql';
import { suggestions } from './draft';
import styles from './editor.module.css';
import type { Moment } from './use-moment';
import { useDashboardWords } from './words';

interface QueryFieldProps {
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
  moment: Moment;
}

/** PromQL, with the names of metrics as one types and what the server says is wrong. */
export function QueryField({ value, onChange, problem, moment }: QueryFieldProps) {
  const words = useDashboardWords();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const { fromMs, toMs } = moment.grid;
  // Names come and go slowly: one question for as long as one edits.
  const [asked] = useState({ fromMs, toMs });
  const names = useQuery({
    ...labelValuesQuery('__name__', undefined, asked.fromMs, asked.toMs),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [cursor, setCursor] = useState<number>();
  const [active, setActive] = useState(0);
  const found = cursor === undefined ? undefined : suggestions(value, cursor, names.data ?? []);
  const shown = found?.names ?? [];

  const take = (name: string) => {
    if (!found || cursor === undefined) return;
    onChange(value.slice(0, found.from) + name + value.slice(cursor));
    setCursor(undefined);
    const end = found.from + name.length;
    requestAnimationFrame(() => area.current?.setSelectionRange(end, end));
  };
  return (
    <div className={styles.query}>
      <textarea
        ref={area}
        value={value}
        rows={Math.min(8, Math.max(2, value.split('\n').length, Math.ceil(value.length / 90)))}
        spellCheck={false}
        autoComplete="off"
        aria-label={words.promql}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-names`}
        aria-autocomplete="list"
        aria-activedescendant={shown.length > 0 ? `${id}-${active}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          setCursor(event.target.selectionStart);
          setActive(0);
        }}
        onBlur={() => setCursor(undefined)}
        onKeyDown={(event) => {
          if (shown.length === 0 || event.nativeEvent.isComposing) return;
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (by !== 0) setActive((active + by + shown.length) % shown.length);
          else if (event.key === 'Tab' || event.key === 'Enter') take(shown[active]!);
          else if (event.key === 'Escape') setCursor(undefined);
          else return;
          event.preventDefault();
        }}
      />
      {shown.length > 0 && (
        <div id={`${id}-names`} className={styles.names} role="listbox" aria-label={words.metrics}>
          {shown.map((name, i) => (
            <div
              key={name}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              tabIndex={-1}
              // Before the field loses the focus.
              onPointerDown={(event) => {
                event.preventDefault();
                take(name);
              }}
            >
              {name}
            </div>
          ))}
        </div>
      )}
      {problem && (
        <p id={`${id}-problem`} className={styles.problem} role="status">
          {problem}
        </p>
      )}
    </div>
  );
}
