import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { startCapture } from '../../api/captures';
import { exploreQuery } from '../../api/queries';
import type { Row } from '../../domain/row';
import controls from '../../ui/controls.module.css';
import { useKey } from '../../ui/keys';
import styles from './captures.module.css';
import { useCaptureWords } from './words';

/** Rows that are offered at a time. */
const OFFERED = 50;
const MOST_SECONDS = 600;

interface StartFormProps {
  /** The row that was chosen elsewhere. */
  row: string | undefined;
  onClose: () => void;
}

/** Asks for a capture: of what, how long, how much of the time before. */
export function StartForm({ row, onClose }: StartFormProps) {
  const words = useCaptureWords();
  const { form } = words;
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(row);
  const [seconds, setSeconds] = useState(30);
  const [before, setBefore] = useState(5);
  const table = useQuery({ ...exploreQuery({ view: 'tree', limit: 5000 }), staleTime: 5_000 });
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: (of: string) => startCapture({ row: of, seconds, before_seconds: before }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['captures'] });
      onClose();
    },
  });
  useEffect(() => first.current?.focus(), []);
  useKey('close', onClose);

  const rows = (table.data?.rows ?? []).filter((r) => r.kind !== 'group') as Row[];
  const wanted = text.toLowerCase();
  const found = rows.filter((r) => haystack(r).includes(wanted));
  const kept = chosen === undefined ? undefined : rows.find((r) => r.id === chosen);
  const offered = kept && !found.slice(0, OFFERED).includes(kept) ? [kept, ...found] : found;
  const gone = chosen !== undefined && table.data !== undefined && !kept;
  // A list of choices always has one chosen: the first, where nobody chose.
  const target = kept ?? (gone ? undefined : offered[0]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (target) start.mutate(target.id);
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label={words.start}>
      <div className={styles.choice}>
        <label htmlFor={id}>{form.what}</label>
        <span className={controls.field}>
          <input
            ref={first}
            type="search"
            value={text}
            placeholder={form.find}
            aria-label={form.find}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </span>
        <select id={id} size={8} value={target?.id ?? ''} onChange={(event) => setChosen(event.target.value)}>
          {offered.slice(0, OFFERED).map((r) => (
            <option key={r.id} value={r.id}>
              {`${words.scopes[r.kind as 'host']} · ${r.name}${r.pid == null ? '' : ` (${r.pid})`} ${r.detail}`}
            </option>
          ))}
        </select>
        <p className={styles.muted} role="status">
          {gone
            ? form.gone
            : table.data && found.length === 0
              ? form.none
              : found.length > OFFERED && form.more(found.length - OFFERED)}
        </p>
      </div>
      <Seconds label={form.seconds} value={seconds} least={1} onChange={setSeconds} />
      <Seconds label={form.before} value={before} least={0} onChange={setBefore} />
      <div className={styles.buttons}>
        <button type="button" className={controls.control} onClick={onClose}>
          {words.cancel}
        </button>
        <button
          type="submit"
          className={`${controls.control} ${controls.primary}`}
          disabled={!target || start.isPending}
        >
          {form.go}
        </button>
      </div>
      {start.error && (
        <p className={styles.problem} role="alert">
          {[start.error.message, (start.error as { hint?: string }).hint].filter(Boolean).join(' · ')}
        </p>
      )}
    </form>
  );
}

interface SecondsProps {
  label: string;
  value: number;
  least: number;
  onChange: (value: number) => void;
}

function Seconds({ label, value, least, onChange }: SecondsProps) {
  return (
    <label>
      {label}
      <span className={controls.field}>
        <input
          type="number"
          min={least}
          max={MOST_SECONDS}
          required
          value={Number.isNaN(value) ? '' : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      </span>
    </label>
  );
}

function haystack(row: Row): string {
  return `${row.name} ${row.detail} ${row.pid ?? ''} ${row.container_id ?? ''}`.toLowerCase();
}
