import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import controls from '../../ui/controls.module.css';
import { useLiveHold } from '../../ui/live';
import styles from './captures.module.css';
import { useCaptureWords } from './words';

interface DeleteDialogProps {
  name: string;
  onYes: () => void;
  onClose: () => void;
}

/** What cannot be brought back is deleted by who types its name. */
export function DeleteDialog({ name, onYes, onClose }: DeleteDialogProps) {
  const words = useCaptureWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  useLiveHold('delete capture', true);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== name) return;
    onYes();
    onClose();
  };
  return (
    <dialog ref={dialog} className={styles.ask} aria-labelledby={id} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={id}>{words.deleteTitle(name)}</h2>
        <p>{words.deleteHint(name)}</p>
        <span className={controls.field}>
          <input
            value={typed}
            aria-label={words.deleteField}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </span>
        <div className={styles.buttons}>
          <button type="button" className={controls.control} onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className={controls.control} disabled={typed !== name}>
            {words.delete}
          </button>
        </div>
      </form>
    </dialog>
  );
}
