import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { setOwnPassword } from '../../api/access';
import { ApiError } from '../../api/client';
import controls from '../../ui/controls.module.css';
import styles from './access.module.css';
import { FormField } from './form-field';
import { useAccessWords } from './words';

interface PasswordFormProps {
  user: string;
  /** The present password, where it was typed just now. */
  current?: string;
  currentLabel: string;
  onSet: () => void;
}

export function PasswordForm({ user, current: known, currentLabel, onSet }: PasswordFormProps) {
  const words = useAccessWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const set = useMutation({
    mutationFn: () => setOwnPassword(known ?? current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setAgain('');
      onSet();
    },
  });
  const differ = again !== '' && next !== again;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (next === again) set.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <input type="text" name="username" autoComplete="username" value={user} readOnly hidden />
      {known === undefined && (
        <FormField
          label={currentLabel}
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onValue={setCurrent}
        />
      )}
      <FormField
        label={words.password.next}
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={256}
        value={next}
        onValue={setNext}
        aria-describedby="password-rule"
      />
      <p id="password-rule" className={styles.muted}>
        {words.password.rule}
      </p>
      <FormField
        label={words.password.again}
        type="password"
        autoComplete="new-password"
        required
        value={again}
        onValue={setAgain}
        aria-invalid={differ}
      />
      <p className={styles.error} role="alert">
        {differ ? words.password.differ : set.error && told(set.error, words.password.wrong)}
      </p>
      <button
        type="submit"
        className={`${controls.control} ${controls.primary}`}
        disabled={set.isPending || differ || next === ''}
      >
        {words.password.set}
      </button>
    </form>
  );
}

function told(error: Error, wrong: string): string {
  return error instanceof ApiError && error.code === 'wrong_password' ? wrong : error.message;
}
