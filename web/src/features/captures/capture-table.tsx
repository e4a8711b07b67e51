import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Capture, captureFileUrl, deleteCapture, stopCapture } from '../../api/captures';
import { shortContainerId, UNKNOWN } from '../../domain/format';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { keepCommon, useNow } from '../../ui/search';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './captures.module.css';
import { DeleteDialog } from './delete-dialog';
import { useCaptureWords } from './words';

export function CaptureTable({ captures }: { captures: Capture[] }) {
  const words = useCaptureWords();
  const { columns } = words;
  const [leaving, setLeaving] = useState<Capture>();
  const queries = useQueryClient();
  const renew = () => void queries.invalidateQueries({ queryKey: ['captures'] });
  const remove = useMutation({ mutationFn: (id: string) => deleteCapture(id), onSettled: renew });
  const stop = useMutation({ mutationFn: (id: string) => stopCapture(id), onSettled: renew });
  const error = remove.error ?? stop.error;
  return (
    <>
      {error && (
        <p className={styles.problem} role="alert">
          {error.message}
        </p>
      )}
      <div className={styles.scroll}>
        <table className={`${tables.table} ${styles.list}`}>
          <thead>
            <tr>
              <th>{columns.state}</th>
              <th>{columns.what}</th>
              <th>{columns.why}</th>
              <th>{columns.when}</th>
              <th className={tables.number}>{columns.length}</th>
              <th className={tables.number}>{columns.before}</th>
              <th className={tables.number}>{columns.events}</th>
              <th className={tables.number}>{columns.size}</th>
              <th className={tables.number}>{columns.lost}</th>
              <th className={tables.number}>{columns.actions}</th>
            </tr>
          </thead>
          <tbody>
            {captures.map((capture) => (
              <Line
                key={capture.id}
                capture={capture}
                onStop={() => stop.mutate(capture.id)}
                onDelete={() => setLeaving(capture)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {leaving && (
        <DeleteDialog
          name={leaving.name}
          onYes={() => remove.mutate(leaving.id)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </>
  );
}

interface LineProps {
  capture: Capture;
  onStop: () => void;
  onDelete: () => void;
}

function Line({ capture, onStop, onDelete }: LineProps) {
  const words = useCaptureWords();
  const format = useFormat();
  const now = useNow(10_000);
  const open = capture.state === 'asked' || capture.state === 'recording';
  const readable = capture.state === 'done' || (capture.state === 'failed' && capture.size_bytes > 0);
  const lost = capture.losses.reduce((sum, loss) => sum + loss.count, 0);
  return (
    <tr>
      <td title={capture.problem ?? undefined}>
        <State capture={capture} />
      </td>
      <td title={capture.row}>
        {readable ? (
          <Link to="/captures/$id/inspect" params={{ id: capture.id }} search={keepCommon(seen(capture))}>
            {capture.name}
          </Link>
        ) : (
          capture.name
        )}{' '}
        <span className={styles.muted}>
          {words.scopes[capture.scope]}
          {capture.pid != null && ` ${capture.pid}`}
          {capture.container_id !== '' &&
            capture.scope !== 'container' &&
            ` · ${shortContainerId(capture.container_id)}`}
          {capture.scope !== 'host' && ` · ${capture.node}`}
        </span>
      </td>
      <td>
        {capture.rule ? (
          capture.event_id ? (
            <Link
              to="/security/events/$id"
              params={{ id: capture.event_id }}
              search={keepCommon()}
              title={words.event}
            >
              {words.byRule(capture.rule)}
            </Link>
          ) : (
            words.byRule(capture.rule)
          )
        ) : (
          capture.asked_by && words.byPerson(capture.asked_by)
        )}
      </td>
      <td title={format.dateTime(capture.asked_ms)}>{format.ago(capture.asked_ms, now)}</td>
      <td className={tables.number}>{format.span(capture.seconds * 1000)}</td>
      <td className={tables.number} title={words.askedBefore(capture.before_seconds)}>
        {capture.reached_back_ms == null ? UNKNOWN : format.span(capture.reached_back_ms)}
      </td>
      <td className={tables.number} title={format.exact(capture.events)}>
        {format.count(capture.events)}
      </td>
      <td className={tables.number} title={`${format.exact(capture.size_bytes)} B`}>
        {capture.size_bytes > 0 ? format.bytes(capture.size_bytes) : UNKNOWN}
      </td>
      <td className={tables.number}>{capture.events == null ? UNKNOWN : format.count(lost)}</td>
      <td className={tables.number}>
        <span className={styles.actions}>
          {readable && (
            <a className={controls.link} href={captureFileUrl(capture.id)} download>
              {words.download}
            </a>
          )}
          {open && (
            <button type="button" className={controls.link} onClick={onStop}>
              {words.stop}
            </button>
          )}
          <button type="button" className={styles.danger} onClick={onDelete}>
            {words.delete}
          </button>
        </span>
      </td>
    </tr>
  );
}

/** A capture that an event began opens where that happened. */
function seen(capture: Capture) {
  return capture.event_time_ns ? { view: 'events', at: capture.event_time_ns } : {};
}

function State({ capture }: { capture: Capture }) {
  const words = useCaptureWords();
  const now = useNow();
  if (capture.state === 'done') {
    return <Status mark={capture.problem ? 'warn' : 'ok'} word={capture.problem ?? words.states.done} />;
  }
  if (capture.state === 'failed') return <Status mark="crit" word={capture.problem ?? words.states.failed} />;
  const began = capture.began_ms ?? capture.asked_ms;
  const sending = capture.size_bytes > 0 || now > began + capture.seconds * 1000;
  const progress =
    capture.state === 'asked'
      ? undefined
      : sending
        ? capture.whole_bytes
          ? capture.size_bytes / capture.whole_bytes
          : undefined
        : (now - began) / (capture.seconds * 1000);
  const word =
    capture.state === 'asked' ? words.states.asked : sending ? words.sending : words.states.recording;
  return (
    <span className={styles.state}>
      {word}
      <progress
        value={progress === undefined ? undefined : Math.max(0, Math.min(1, progress))}
        aria-label={word}
      />
    </span>
  );
}
