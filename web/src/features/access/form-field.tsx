import { type InputHTMLAttributes, useId } from 'react';
import controls from '../../ui/controls.module.css';
import styles from './access.module.css';

interface FormFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string;
  onValue: (value: string) => void;
}

/** A label above its field. */
export function FormField({ label, onValue, ...input }: FormFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={controls.field}>
        <input id={id} spellCheck={false} {...input} onChange={(event) => onValue(event.target.value)} />
      </span>
    </div>
  );
}
