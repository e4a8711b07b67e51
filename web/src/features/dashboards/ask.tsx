import { useEffect, useId, useRef } from 'react';
import controls from '../../ui/controls.module.css';
import { useLiveHold } from '../../ui/live';
import styles from './dashboards.module.css';

interface AskProps {
  open: boolean;
  title: string;
  hint: string;
  yes: string;
  no: string;
  /** Whether `yes` destroys something: then it is never the filled button. */
  danger?: boolean;
  onYes: () => void;
  onClose: () => void;
}

/** A question that has to be answered before anything else. */
export function Ask({ open, title, hint, yes, no, danger = false, onYes, onClose }: AskProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLiveHold(`ask ${id}`, open);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={styles.ask} aria-labelledby={id} onClose={onClose}>
      {open && (
        <>
          <h2 id={id}>{title}</h2>
          <p>{hint}</p>
          <div className={styles.actions}>
            <button type="button" className={controls.control} onClick={onClose}>
              {no}
            </button>
            <button
              type="button"
              className={danger ? styles.danger : `${controls.control} ${controls.primary}`}
              onClick={() => {
                onYes();
                onClose();
              }}
            >
              {yes}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}
