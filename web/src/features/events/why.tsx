import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { SecurityEventDetail } from '../../api/queries';
import { splitAround } from '../../domain/highlight';
import controls from '../../ui/controls.module.css';
import { useWords } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { Section } from '../../ui/section';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './why.module.css';

/** More of them hide what did it; one can still look. */
const EXCEPTIONS_SHOWN = 3;

/** Each part of the rule's condition beside the value that met it. */
export function Why({ event }: { event: SecurityEventDetail }) {
  const words = useWords();
  const [all, setAll] = useState(false);
  const exceptions = event.matched.filter((m) => m.negated).length;
  const folds = exceptions > EXCEPTIONS_SHOWN;
  const parts = folds && !all ? event.matched.filter((m) => !m.negated) : event.matched;
  return (
    <Section
      title={words.event.why}
      note={
        <>
          {words.event.rule}{' '}
          <Link to="/security/events" search={keepCommon({ rule: event.rule })}>
            {event.rule}
          </Link>{' '}
          · {words.event.priority(event.priority)}
        </>
      }
    >
      {event.rule_description && <p className={styles.description}>{event.rule_description}</p>}
      {event.matched.length > 0 && (
        <table className={`${tables.table} ${tables.flush} ${styles.parts}`}>
          <thead>
            <tr>
              <th>{words.event.conditionPart}</th>
              <th className={styles.field}>{words.event.field}</th>
              <th className={styles.value}>{words.event.value}</th>
              <th className={styles.result}>{words.event.result}</th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part, i) => (
              <tr key={i}>
                <td title={part.text}>
                  {i > 0 && <span className={styles.join}>and </span>}
                  {part.negated && <span className={styles.join}>not </span>}
                  <Marked text={part.text} value={part.negated ? null : part.value} />
                </td>
                <td className={styles.field}>{part.field}</td>
                <td className={styles.mono} title={part.value ?? undefined}>
                  {part.value}
                </td>
                <td className={styles.result}>
                  <Status mark="ok" word={words.event.held} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {folds && (
        <button type="button" className={`${controls.link} ${styles.more}`} onClick={() => setAll(!all)}>
          {all ? words.event.hideExceptions : words.event.exceptions(exceptions)}
        </button>
      )}
      {event.rule_condition && (
        <details className={styles.whole}>
          <summary>{words.event.wholeCondition}</summary>
          <pre>{event.rule_condition}</pre>
        </details>
      )}
    </Section>
  );
}

/** The condition with the word that matched set off. */
function Marked({ text, value }: { text: string; value: string | null }): ReactNode {
  const split = value === null ? undefined : splitAround(text, value);
  if (!split) return <span className={styles.mono}>{text}</span>;
  return (
    <span className={styles.mono}>
      {split.before}
      <mark>{split.hit}</mark>
      {split.after}
    </span>
  );
}
