import { type FormEvent, useEffect, useState } from 'react';
import controls from '../../ui/controls.module.css';
import { Icon } from '../../ui/icons';
import styles from './inspect.module.css';
import { choiceText, type InspectState, viewOf } from './inspect-state';
import type { Go } from './use-state';
import { useInspectWords } from './words';

interface FilterBarProps {
  state: InspectState;
  go: Go;
  /** What the server says of the filter. */
  error: (Error & { hint?: string }) | null;
}

/** The way into the capture, step by step, and the condition that holds besides. */
export function FilterBar({ state, go, error }: FilterBarProps) {
  const words = useInspectWords();
  const [text, setText] = useState(state.filter);
  useEffect(() => setText(state.filter), [state.filter]);
  const apply = (filter: string) => go({ ...state, filter: filter.trim(), n: undefined });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply(text);
  };
  return (
    <div className={styles.way}>
      {state.path.length > 0 && (
        <ol aria-label={words.path}>
          {state.path.map((choice, i) => (
            <li key={choice} className={controls.chip}>
              <span title={choice}>
                {words.views[viewOf(choice)]} · {choiceText(choice)}
              </span>
              <button
                type="button"
                aria-label={`${words.clearFilter}: ${choiceText(choice)}`}
                onClick={() => go({ ...state, path: state.path.filter((_, at) => at !== i), n: undefined })}
              >
                <Icon name="close" size={10} />
              </button>
            </li>
          ))}
        </ol>
      )}
      <form onSubmit={submit}>
        <span className={controls.field}>
          <Icon name="search" size={14} />
          <input
            value={text}
            placeholder={words.filter}
            aria-label={words.filter}
            aria-invalid={error !== null || undefined}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
          {state.filter !== '' && (
            <button
              type="button"
              aria-label={words.clearFilter}
              title={words.clearFilter}
              onClick={() => apply('')}
            >
              <Icon name="close" size={12} />
            </button>
          )}
        </span>
        {text.trim() !== state.filter && (
          <button type="submit" className={controls.control}>
            {words.apply}
          </button>
        )}
      </form>
      {error && (
        <p role="alert">
          {error.message}
          {error.hint && ` · ${error.hint}`}
        </p>
      )}
    </div>
  );
}
