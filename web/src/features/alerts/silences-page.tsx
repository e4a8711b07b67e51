import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { alertsChanged, expireSilence, type Silence, silencesQuery } from '../../api/alerts';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { PageHead } from '../../ui/page-head';
import { useSetUrl, useUrl } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './alerts.module.css';
import { SilenceForm } from './silence-form';
import { Tabs } from './tabs';
import { useAlertWords } from './words';

/** When nobody is told of what. */
export function SilencesPage() {
  const words = useAlertWords();
  const { data, error, refetch } = useQuery(silencesQuery);
  const { new: making, match } = useUrl();
  const setUrl = useSetUrl();
  const add = (
    <button
      type="button"
      className={`${controls.control} ${controls.primary}`}
      onClick={() => setUrl({ new: '1' })}
    >
      {words.silences.add}
    </button>
  );
  return (
    <div className={styles.page}>
      <PageHead crumbs={[words.tabs.label]} title={words.silences.title} />
      <div className={styles.bar}>
        <Tabs />
        <span className={styles.end}>{data && data.silences.length > 0 && !making && add}</span>
      </div>
      <div className={styles.scroll}>
        {making && (
          <div className={styles.inset}>
            <SilenceForm
              key={match}
              match={match}
              onDone={() => setUrl({ new: undefined, match: undefined })}
            />
          </div>
        )}
        {data ? (
          data.silences.length > 0 ? (
            <SilenceTable silences={data.silences} />
          ) : (
            !making && (
              <Empty title={words.silences.none} actions={add}>
                <p>{words.silences.noneHint}</p>
              </Empty>
            )
          )
        ) : error ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={5} inset />
        )}
      </div>
    </div>
  );
}

const MARKS = { active: 'warn', scheduled: 'nodata', expired: 'plain' } as const;

function SilenceTable({ silences }: { silences: Silence[] }) {
  const words = useAlertWords();
  const format = useFormat();
  const queries = useQueryClient();
  const end = useMutation({ mutationFn: expireSilence, onSettled: () => alertsChanged(queries) });
  const { columns } = words;
  return (
    <table className={tables.table} aria-label={words.silences.title}>
      <thead>
        <tr>
          <th className={styles.narrow}>{columns.state}</th>
          <th>{columns.matches}</th>
          <th className={styles.mid}>{columns.until}</th>
          <th className={`${tables.number} ${styles.narrow}`}>{columns.now}</th>
          <th>{columns.comment}</th>
          <th className={styles.narrow}>{columns.author}</th>
          <th className={styles.narrow}>{columns.actions}</th>
        </tr>
      </thead>
      <tbody>
        {silences.map((silence) => {
          const text = silence.spec.matchers.map((m) => `${m.label}${m.op}${m.value}`).join(', ');
          return (
            <tr key={silence.id}>
              <td>
                <Status mark={MARKS[silence.state]} word={words.silences.states[silence.state]} />
              </td>
              <td title={text}>{text}</td>
              <td title={`${format.dateTime(silence.spec.from_ms)} – ${format.dateTime(silence.spec.to_ms)}`}>
                {format.dayTime(silence.spec.to_ms)}
              </td>
              <td className={tables.number}>
                {silence.state === 'expired' ? '–' : format.exact(silence.matching)}
              </td>
              <td title={silence.spec.comment}>{silence.spec.comment || '–'}</td>
              <td>{silence.author}</td>
              <td>
                {silence.state !== 'expired' && (
                  <button
                    type="button"
                    className={controls.link}
                    disabled={end.isPending}
                    onClick={() => end.mutate(silence.id)}
                  >
                    {words.silences.end}
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
