import type { Integration, Spotlight } from '../../api/spotlight';
import type { StatusMark } from '../../domain/status';
import { useFormat } from '../../ui/i18n/words';
import { Section } from '../../ui/section';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './spotlight.module.css';
import { useSpotlightWords } from './words';

const MARKS: Record<Integration['monitored'], StatusMark> = {
  monitored: 'ok',
  no_traffic: 'nodata',
  unknown_protocol: 'nodata',
};

/** Services found running, and whether their requests are seen. */
export function IntegrationTable({ data }: { data: Spotlight }) {
  const words = useSpotlightWords().integrations;
  const { integrations } = data;
  if (integrations.length === 0) {
    return (
      <Section level={2} title={words.title}>
        <p className={styles.muted}>{words.none}</p>
      </Section>
    );
  }
  return (
    <Section level={2} title={words.title} note={String(integrations.length + data.integrations_left_out)}>
      <table className={`${tables.table} ${tables.flush}`}>
        <thead>
          <tr>
            <th>{words.service}</th>
            <th>{words.where}</th>
            <th>{words.ports}</th>
            <th>{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {integrations.map((it) => (
            <Row key={`${it.service} ${it.node} ${it.container} ${it.ports}`} it={it} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Row({ it }: { it: Integration }) {
  const words = useSpotlightWords().integrations;
  const format = useFormat();
  const state = {
    monitored: words.monitored(format.count(it.requests_per_second)),
    no_traffic: words.no_traffic,
    unknown_protocol: words.unknown_protocol,
  }[it.monitored];
  const why = { monitored: undefined, no_traffic: words.noTrafficWhy, unknown_protocol: words.unknownWhy };
  const where = `${it.node} / ${it.container ?? words.host}`;
  return (
    <tr>
      <td title={it.comm}>
        <b>{it.service}</b>
      </td>
      <td title={where}>{where}</td>
      <td title={it.ports.join(', ')}>{it.ports.join(', ')}</td>
      <td title={why[it.monitored]}>
        <Status mark={MARKS[it.monitored]} word={state} />
      </td>
    </tr>
  );
}
