import { Link } from '@tanstack/react-router';
import type { Attention, Spotlight } from '../../api/spotlight';
import { withShortIds } from '../../domain/format';
import { parseSearch } from '../../domain/search';
import type { StatusMark } from '../../domain/status';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { keepCommon, useNow } from '../../ui/search';
import { Section } from '../../ui/section';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './spotlight.module.css';
import { useSpotlightWords } from './words';

const MARKS: Record<Attention['level'], StatusMark> = { critical: 'crit', warning: 'warn', notice: 'nodata' };

/** What needs a look, the worst first. */
export function AttentionTable({ data }: { data: Spotlight }) {
  const words = useSpotlightWords();
  const { tiles, attention } = data;
  const own = words.attention;
  if (attention.length === 0) {
    return (
      <Section level={2} title={own.title}>
        <p>{own.none(words.tiles.reporting(tiles.agents_reporting, tiles.agents_known))}</p>
      </Section>
    );
  }
  return (
    <Section level={2} title={own.title} note={own.items(attention.length + data.attention_left_out)}>
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.flush} ${styles.attention}`}>
          <thead>
            <tr>
              <th>{own.level}</th>
              <th>{own.what}</th>
              <th>{own.where}</th>
              <th className={tables.number}>{own.since}</th>
              <th className={tables.number}>{own.for}</th>
              <th className={tables.number}>{own.next}</th>
            </tr>
          </thead>
          <tbody>
            {attention.map((it) => (
              <Row key={`${it.kind} ${it.node} ${it.subject} ${it.detail}`} it={it} />
            ))}
          </tbody>
        </table>
      </div>
      {data.attention_left_out > 0 && <p className={styles.muted}>{own.more(data.attention_left_out)}</p>}
    </Section>
  );
}

function Row({ it }: { it: Attention }) {
  const { attention: own } = useSpotlightWords();
  const format = useFormat();
  const now = useNow(5000);
  const [path, query] = it.link.split('?', 2);
  const told = own.kinds[it.kind](it.subject, withShortIds(it.detail), figureOf(it, format));
  return (
    <tr>
      <td>
        <Status mark={MARKS[it.level]} word={own.levels[it.level]} />
      </td>
      <td title={told}>{told}</td>
      <td title={it.node ?? undefined}>{it.node ?? '–'}</td>
      <td className={tables.number}>{it.since_ms === null ? '–' : format.dayTime(it.since_ms)}</td>
      <td className={tables.number}>
        {it.since_ms === null ? '–' : format.span(Math.max(0, now - it.since_ms))}
      </td>
      <td className={tables.number}>
        <Link
          to={`/${path}` as never}
          search={keepCommon(parseSearch(query ?? ''))}
          className={controls.link}
        >
          {own.steps[it.kind]}
        </Link>
      </td>
    </tr>
  );
}

function figureOf({ kind, value }: Attention, format: ReturnType<typeof useFormat>): string {
  if (kind === 'disk_full') return value === null ? '–' : `${format.percent(value * 100)} %`;
  if (kind === 'agent_cpu') return format.cores(value);
  if (kind === 'agent_memory') return format.bytes(value);
  return kind === 'not_monitored' ? String(value ?? '–') : format.count(value);
}
