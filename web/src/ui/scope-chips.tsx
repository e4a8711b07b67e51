import type { ReactNode } from 'react';
import { labelText } from '../domain/panel';
import { type Scope, withValues } from '../domain/scope';
import controls from './controls.module.css';
import { useFormat, useWords } from './i18n/words';
import { Icon } from './icons';
import { Popover } from './popover';

interface ScopeChipsProps {
  scope: Scope;
  /** Labels that the page can be narrowed by; others are shown as not used. */
  takes: ReadonlySet<string>;
  /** A better name for a value, where the page knows one. */
  text?: (label: string, value: string) => string | undefined;
  onChange: (scope: Scope) => void;
  /** Values to choose from, under the chip. */
  choices?: (label: string, close: () => void) => ReactNode;
}

/** What the page is narrowed to, label by label; each can be taken away. */
export function ScopeChips({ scope, takes, text, onChange, choices }: ScopeChipsProps) {
  const words = useWords();
  const format = useFormat();
  // When a process began belongs to its PID: one thing, one chip.
  const chips = scope.some((s) => s.label === 'pid') ? scope.filter((s) => s.label !== 'start') : scope;
  const without = (label: string) => {
    const rest = withValues(scope, label, []);
    return label === 'pid' ? withValues(rest, 'start', []) : rest;
  };
  return chips.map(({ label, values }) => {
    const name = words.scope.names[label] ?? label;
    const shown = values.map((value) => text?.(label, value) ?? labelText(label, value, format)).join(', ');
    const used = takes.has(label);
    const title = used ? `${name}: ${values.join(', ')}` : words.scope.unused(name);
    const content = used ? `${name}: ${shown}` : <s>{`${name}: ${shown}`}</s>;
    return (
      <span key={label} className={controls.chip} title={title}>
        {used && choices ? (
          <Popover label={title} buttonClass={controls.chipText} button={content}>
            {(close) => choices(label, close)}
          </Popover>
        ) : (
          <span>{content}</span>
        )}
        <button
          type="button"
          aria-label={words.scope.remove(`${name}: ${shown}`)}
          title={words.scope.remove(`${name}: ${shown}`)}
          onClick={() => onChange(without(label))}
        >
          <Icon name="close" size={10} />
        </button>
      </span>
    );
  });
}
