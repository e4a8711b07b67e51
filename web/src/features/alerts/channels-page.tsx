import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  alertsChanged,
  type Channel,
  channelsQuery,
  type Delivery,
  deleteChannel,
  deliveriesQuery,
  testChannel,
} from '../../api/alerts';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { PageHead } from '../../ui/page-head';
import { useNow, useSetUrl, useUrl } from '../../ui/search';
import { Section } from '../../ui/section';
import { SettingsNav } from '../../ui/settings-nav';
import { SeverityText } from '../../ui/severity';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './alerts.module.css';
import { ChannelForm } from './channel-form';
import { Sure } from './sure';
import { useAlertWords } from './words';

/** Where alerts are sent, and what was. */
export function ChannelsPage() {
  const words = useAlertWords();
  const common = useWords();
  const { data, error, refetch } = useQuery(channelsQuery);
  const { edit } = useUrl();
  const setUrl = useSetUrl();
  const add = (
    <button
      type="button"
      className={`${controls.control} ${controls.primary}`}
      onClick={() => setUrl({ edit: 'new' })}
    >
      {words.channel.add}
    </button>
  );
  const edited = data?.channels.find((c) => c.id === edit);
  return (
    <div className={styles.page}>
      <PageHead crumbs={[common.app.settings]} title={words.channels}>
        <SettingsNav />
      </PageHead>
      {data && data.channels.length > 0 && edit !== 'new' && (
        <div className={styles.bar}>
          <span className={styles.end}>{add}</span>
        </div>
      )}
      <div className={styles.scroll}>
        {data && (edit === 'new' || edited) && (
          <div className={styles.inset}>
            <ChannelForm key={edit} channel={edited} onDone={() => setUrl({ edit: undefined })} />
          </div>
        )}
        {data ? (
          data.channels.length > 0 ? (
            <ChannelTable channels={data.channels} onEdit={(id) => setUrl({ edit: id })} />
          ) : (
            edit !== 'new' && (
              <Empty title={words.channel.none} actions={add}>
                <p>{words.channel.noneHint}</p>
              </Empty>
            )
          )
        ) : error ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={5} inset />
        )}
        {data && data.channels.length > 0 && <Log />}
      </div>
    </div>
  );
}

function ChannelTable({ channels, onEdit }: { channels: Channel[]; onEdit: (id: string) => void }) {
  const words = useAlertWords();
  const { columns } = words;
  return (
    <table className={tables.table} aria-label={words.channels}>
      <thead>
        <tr>
          <th>{columns.name}</th>
          <th className={styles.narrow}>{columns.kind}</th>
          <th className={styles.narrow}>{columns.on}</th>
          <th className={styles.narrow}>{columns.from}</th>
          <th className={styles.mid}>{columns.last}</th>
          <th>{columns.actions}</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} onEdit={() => onEdit(channel.id)} />
        ))}
      </tbody>
    </table>
  );
}

function ChannelRow({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const words = useAlertWords();
  const common = useWords();
  const format = useFormat();
  const queries = useQueryClient();
  const onSettled = () => alertsChanged(queries);
  const test = useMutation({ mutationFn: () => testChannel(channel.id), onSettled });
  const remove = useMutation({ mutationFn: () => deleteChannel(channel.id), onSettled });
  const tested = test.data;
  const failed = test.error ?? remove.error;
  return (
    <>
      <tr data-channel={channel.id}>
        <td title={channel.spec.name}>{channel.spec.name}</td>
        <td>{words.channel.kinds[channel.spec.target.type]}</td>
        <td>
          {channel.spec.enabled ? (
            <Status mark="ok" word={words.channel.on} />
          ) : (
            <Status mark="plain" word={words.health.off} />
          )}
        </td>
        <td>
          <SeverityText severity={channel.spec.min_severity} />
        </td>
        <td title={channel.last_delivery?.answer ?? undefined}>
          {channel.waiting > 0 ? (
            <Status mark="warn" word={words.channel.waiting(channel.waiting)} />
          ) : channel.last_delivery ? (
            <DeliveryState delivery={channel.last_delivery} />
          ) : (
            '–'
          )}
        </td>
        <td>
          <span className={styles.row}>
            <button
              type="button"
              className={controls.link}
              disabled={test.isPending}
              onClick={() => test.mutate()}
            >
              {test.isPending ? words.channel.testing : words.channel.test}
            </button>
            <button type="button" className={controls.link} onClick={onEdit}>
              {words.channel.edit}
            </button>
            <Sure
              className={controls.link}
              label={words.channel.remove}
              sure={words.channel.sure}
              busy={remove.isPending}
              onSure={() => remove.mutate()}
            />
          </span>
        </td>
      </tr>
      {(tested || failed) && (
        <tr>
          <td colSpan={6}>
            <span role="status" className={tested?.delivered ? undefined : styles.wrong}>
              {tested
                ? tested.delivered
                  ? words.channel.delivered(tested.answer, `${format.exact(tested.took_ms)} ms`)
                  : words.channel.refused(tested.answer)
                : (failed?.message ?? common.app.crashed)}
            </span>
          </td>
        </tr>
      )}
    </>
  );
}

function DeliveryState({ delivery }: { delivery: Delivery }) {
  const words = useAlertWords();
  const mark = ({ sent: 'ok', waiting: 'warn', given_up: 'crit' } as const)[delivery.state];
  return <Status mark={mark} word={words.channel.states[delivery.state]} />;
}

function Log() {
  const words = useAlertWords();
  const format = useFormat();
  const now = useNow(1000);
  const { data } = useQuery(deliveriesQuery);
  const { columns } = words;
  if (!data) return null;
  return (
    <div>
      <div className={styles.inset}>
        <Section level={2} title={words.channel.log}>
          {data.deliveries.length === 0 && <p className={styles.muted}>{words.channel.noLog}</p>}
        </Section>
      </div>
      {data.deliveries.length > 0 && (
        <table className={tables.table} aria-label={words.channel.log}>
          <thead>
            <tr>
              <th className={styles.mid}>{columns.time}</th>
              <th className={styles.mid}>{columns.channel}</th>
              <th className={styles.narrow}>{columns.state}</th>
              <th>{columns.message}</th>
              <th className={`${tables.number} ${styles.narrow}`}>{columns.tries}</th>
              <th>{columns.answer}</th>
            </tr>
          </thead>
          <tbody>
            {data.deliveries.map((delivery) => (
              <tr key={delivery.id}>
                <td title={format.dateTime(delivery.made_ms)}>{format.dayTime(delivery.made_ms)}</td>
                <td title={delivery.channel_name}>{delivery.channel_name}</td>
                <td>
                  <DeliveryState delivery={delivery} />
                </td>
                <td title={delivery.title}>{delivery.title}</td>
                <td className={tables.number}>{delivery.attempts}</td>
                <td title={delivery.answer ?? undefined}>
                  {delivery.answer ?? '–'}{' '}
                  {delivery.next_ms !== null && delivery.next_ms > now && (
                    <span className={styles.muted}>{words.channel.again(format.time(delivery.next_ms))}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
