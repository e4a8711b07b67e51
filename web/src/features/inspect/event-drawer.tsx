import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { captureEventQuery, type InspectEventDetail } from '../../api/inspect';
import { clock } from '../../domain/nanos';
import controls from '../../ui/controls.module.css';
import { CopyButton } from '../../ui/copy-button';
import frame from '../../ui/drawer.module.css';
import facts from '../../ui/facts.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { useKey } from '../../ui/keys';
import { Section } from '../../ui/section';
import { Segments } from '../../ui/segments';
import { Failed, Skeleton } from '../../ui/states';
import { hexLines, textOf } from './hex';
import styles from './inspect.module.css';
import { drill, type InspectState } from './inspect-state';
import type { Go } from './use-state';
import { useInspectWords } from './words';

interface EventDrawerProps {
  id: string;
  number: number;
  state: InspectState;
  go: Go;
}

/** One event, close up: parameters, data, who did it. */
export function EventDrawer({ id, number, state, go }: EventDrawerProps) {
  const words = useInspectWords();
  const format = useFormat();
  const detail = useQuery(captureEventQuery(id, number));
  const close = () => go({ ...state, n: undefined }, { replace: true });
  useKey('close', close);
  const event = detail.data?.number === number ? detail.data : undefined;
  return (
    <aside className={frame.drawer} aria-label={words.event(String(number))}>
      <header className={frame.head}>
        <h2>{event ? event.event_type : words.event(String(number))}</h2>
        {event && (
          <span className={frame.kind}>
            {words.event(String(number))} · {clock(event.time_ns, format)}
          </span>
        )}
        <button
          type="button"
          className={controls.icon}
          aria-label={words.close}
          title={`${words.close} (Esc)`}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className={`${frame.body} ${styles.facts}`}>
        {detail.error ? (
          <Failed error={detail.error} onRetry={() => void detail.refetch()} />
        ) : event ? (
          <Detail event={event} state={state} go={go} />
        ) : (
          <Skeleton rows={8} />
        )}
      </div>
    </aside>
  );
}

function Detail({ event, state, go }: { event: InspectEventDetail; state: InspectState; go: Go }) {
  const words = useInspectWords();
  return (
    <>
      {event.params.map(
        (param) =>
          param.hex != null &&
          param.hex !== '' && (
            <Data key={param.name} name={param.name} hex={param.hex} size={param.size_bytes} />
          ),
      )}
      <Section title={words.params}>
        <dl className={facts.facts}>
          {event.params
            .filter((param) => param.hex == null)
            .map((param) => (
              <div key={param.name}>
                <dt title={param.param_type}>{param.name}</dt>
                <dd className={facts.wrap}>
                  <code>{param.text ?? '–'}</code>
                </dd>
              </div>
            ))}
        </dl>
      </Section>
      <Section title={words.ancestry}>
        <ol className={styles.ancestry}>
          {event.ancestry.map((process) => (
            <li key={process.select}>
              <button
                type="button"
                className={controls.link}
                title={words.onlyThis}
                onClick={() => go(drill(state, 'events', process.select))}
              >
                {process.comm}
              </button>{' '}
              <span>{process.pid}</span> <code title={process.cmdline}>{process.cmdline}</code>
            </li>
          ))}
        </ol>
      </Section>
      <Section title={words.fields}>
        <dl className={facts.facts}>
          {event.fields.map((field) => (
            <div key={field.name}>
              <dt title={field.name}>{field.name}</dt>
              <dd className={facts.wrap}>
                <code>{field.value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}

function Data({ name, hex, size }: { name: string; hex: string; size: number }) {
  const words = useInspectWords();
  const format = useFormat();
  const text = textOf(hex);
  const [form, setForm] = useState<'text' | 'hex'>(text === undefined ? 'hex' : 'text');
  const lines = hexLines(hex);
  const whole =
    form === 'text'
      ? (text ?? '')
      : lines.map((line) => `${line.offset}  ${line.hex.padEnd(47)}  ${line.text}`).join('\n');
  return (
    <Section
      title={words.data}
      note={words.dataOf(name, format.bytes(size))}
      end={
        <>
          <CopyButton text={whole} what={words.data} />
          {text !== undefined && (
            <Segments
              label={words.data}
              value={form}
              options={[
                { value: 'text', label: words.text },
                { value: 'hex', label: words.hex },
              ]}
              onChange={setForm}
            />
          )}
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre className={styles.data} tabIndex={0}>
        {whole}
      </pre>
    </Section>
  );
}
