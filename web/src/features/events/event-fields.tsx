import type { SecurityEventDetail } from '../../api/queries';
import { CopyButton } from '../../ui/copy-button';
import { useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Section } from '../../ui/section';
import styles from './event-fields.module.css';

/** Fields as rules name them, and the whole as JSON. */
export function EventFields({ event }: { event: SecurityEventDetail }) {
  const words = useWords();
  const json = () => JSON.stringify(event, null, 2);
  return (
    <>
      <Section title={words.event.fields} note={words.event.fieldsNote(event.fields.length)}>
        <dl className={styles.fields}>
          {event.fields.map((f) => (
            <div key={f.name}>
              <dt>{f.name}</dt>
              <dd title={f.value}>{f.value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <div className={styles.rawBox}>
        <details className={styles.raw}>
          <summary>
            <Icon name="right" size={12} />
            <b>{words.event.raw}</b> {words.event.rawNote}
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys */}
          <pre tabIndex={0}>{json()}</pre>
        </details>
        <CopyButton text={json} label={words.event.copyJson} />
      </div>
    </>
  );
}
