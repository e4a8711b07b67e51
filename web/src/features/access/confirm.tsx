import controls from '../../ui/controls.module.css';
import { Popover } from '../../ui/popover';
import styles from './access.module.css';

interface ConfirmProps {
  /** Of the button that asks. */
  label: string;
  question: string;
  yes: string;
  no: string;
  onYes: () => void;
}

/** A step that cannot be taken back asks once more. */
export function Confirm({ label, question, yes, no, onYes }: ConfirmProps) {
  return (
    <Popover button={label} buttonClass={controls.link} label={`${label}: ${question}`} align="end">
      {(close) => (
        <div className={styles.confirm}>
          <p>{question}</p>
          <div className={styles.row}>
            <button
              type="button"
              className={`${controls.control} ${controls.primary}`}
              onClick={() => {
                close();
                onYes();
              }}
            >
              {yes}
            </button>
            <button type="button" className={controls.control} data-first onClick={close}>
              {no}
            </button>
          </div>
        </div>
      )}
    </Popover>
  );
}
