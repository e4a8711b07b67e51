import type { ReactNode } from 'react';
import styles from './alerts.module.css';

interface FieldProps {
  label: string;
  hint?: string;
  children: ReactNode;
}

/** A form's control with its name above and a hint below. */
export function Field({ label, hint, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what is put in
    <label className={styles.label}>
      {label}
      {children}
      {hint && <small>{hint}</small>}
    </label>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly T[];
  words: Record<T, string>;
  onChange: (value: T) => void;
}

/** One of a few, by name. */
export function Choice<T extends string>({ label, value, options, words, onChange }: ChoiceProps<T>) {
  return (
    <Field label={label}>
      <select value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {words[option]}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface TextProps {
  label: string;
  hint?: string;
  value: string;
  placeholder?: string;
  type?: 'text' | 'password' | 'number';
  onChange: (value: string) => void;
}

export function Text({ label, hint, value, placeholder, type = 'text', onChange }: TextProps) {
  return (
    <Field label={label} hint={hint}>
      <input
        type={type}
        value={value}
        placeholder={placeholder}
        step="any"
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

interface LinesProps extends Omit<TextProps, 'type'> {
  rows: number;
  code?: boolean;
}

export function Lines({ label, hint, value, placeholder, rows, code, onChange }: LinesProps) {
  return (
    <Field label={label} hint={hint}>
      <textarea
        rows={rows}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        data-code={code || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
