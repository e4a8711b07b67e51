import { useRef } from 'react';
import controls from './controls.module.css';
import { Icon } from './icons';
import { useKey } from './keys';

interface FilterFieldProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  clearLabel: string;
  className?: string;
}

/** Filters as one types; `/` goes to it, Escape empties and leaves it. */
export function FilterField({ value, onChange, label, clearLabel, className }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useKey('filter', () => input.current?.focus());
  return (
    <span className={`${controls.field} ${className ?? ''}`}>
      <Icon name="search" size={14} />
      <input
        ref={input}
        type="search"
        value={value}
        placeholder={label}
        aria-label={label}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') {
            event.preventDefault();
            if (value === '') event.currentTarget.blur();
            else onChange('');
          } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      />
      {value === '' ? (
        <kbd className={controls.key}>/</kbd>
      ) : (
        <button type="button" aria-label={clearLabel} title={clearLabel} onClick={() => onChange('')}>
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}
