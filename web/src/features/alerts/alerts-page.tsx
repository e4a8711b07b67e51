import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Alert, type AlertList, alertsQuery } from '../../api/alerts';
import { parseScope } from '../../domain/scope';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { useFormat } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useNow, useSetUrl, useUrl } from '../../ui/search';
import { SeverityText } from '../../ui/severity';
import { Empty, Failed, Skeleton } from '../../ui/states';
import tables from '../../ui/tables.module.css';
import { AlertDrawer } from './alert-drawer';
import styles from './alerts.module.css';
import { AlertState } from './state';
import { isInScope, subjectOf } from './subject';
import { Tabs } from './tabs';
import { useAlertWords } from './words';

/** What fires and what is about to, worst first. */
export function AlertsPage() {
  const words = useAlertWords();
  const { data, error, refetch } = useQuery(alertsQuery);
  const { q = '', sel, scope } = useUrl();
  const setUrl = useSetUrl();
  const close = () => setUrl({ sel: undefined });
  useKey('up', sel === undefined ? undefined : close);
  const narrowed = parseScope(scope);
  const shown = data?.alerts.filter((a) => isInScope(a.labels, narrowed) && matches(a, q)) ?? [];
  return (
    <div className={styles.page}>
      <PageHead title={words.tabs.label} />
      <div className={styles.bar}>
        <Tabs />
        <FilterField
          value={q}
          onChange={(next) => setUrl({ q: next || undefined }, { replace: true })}
          label={words.filter}
          clearLabel={words.clear}
        />
        {data && <Summary list={data} />}
      </div>
      <div className={styles.split}>
        <div className={styles.scroll}>
          {data ? (
            data.alerts.length === 0 ? (
              <Quiet list={data} />
            ) : shown.length === 0 ? (
              <Empty
                title={words.noneMatch}
                actions={
                  <button
                    type="button"
                    className={controls.control}
                    onClick={() => setUrl({ q: undefined, scope: undefined })}
                  >
                    {words.clear}
                  </button>
                }
              />
            ) : (
              <AlertTable alerts={shown} selected={sel} onSelect={(id) => setUrl({ sel: id })} />
            )
          ) : error ? (
            <Failed error={error} onRetry={() => void refetch()} />
          ) : (
            <Skeleton rows={6} inset />
          )}
        </div>
        {sel !== undefined && (
          <AlertDrawer id={sel} alert={data?.alerts.find((a) => a.id === sel)} onClose={close} />
        )}
      </div>
    </div>
  );
}

function matches(alert: Alert, q: string): boolean {
  const text = `${alert.rule_name} ${Object.values(alert.labels).join(' ')} ${alert.severity}`;
  return text.toLowerCase().includes(q.toLowerCase());
}

function Summary({ list }: { list: AlertList }) {
  const words = useAlertWords();
  const format = useFormat();
  const now = useNow(1000);
  return (
    <span className={styles.muted} role="status">
      {words.summary(list.firing, list.pending, list.silenced)}
      {list.evaluated_ms !== null && ` · ${words.checked(list.rules_on, format.ago(list.evaluated_ms, now))}`}
      {list.rules_failing > 0 && (
        <>
          {' · '}
          <Link to="/alerts/rules" search={keepCommon()}>
            {words.failing(list.rules_failing)}
          </Link>
        </>
      )}
    </span>
  );
}

/** Nothing fires: who looks, and who would be told. */
function Quiet({ list }: { list: AlertList }) {
  const words = useAlertWords();
  const format = useFormat();
  const now = useNow(1000);
  const checked =
    list.rules_on === 0
      ? words.noRules
      : list.evaluated_ms === null
        ? words.notYet
        : `${words.checked(list.rules_on, format.ago(list.evaluated_ms, now))}.`;
  return (
    <Empty
      title={words.quiet}
      actions={
        <>
          <Link to="/alerts/rules" search={keepCommon()} className={controls.control}>
            {words.seeRules}
          </Link>
          {list.channels_on === 0 && (
            <Link to="/settings/channels" search={keepCommon()} className={controls.control}>
              {words.addChannel}
            </Link>
          )}
        </>
      }
    >
      <p>{checked}</p>
      {list.channels_on === 0 && <p>{words.noChannels}</p>}
    </Empty>
  );
}

interface AlertTableProps {
  alerts: Alert[];
  selected: string | undefined;
  onSelect: (id: string) => void;
}

function AlertTable({ alerts, selected, onSelect }: AlertTableProps) {
  const words = useAlertWords();
  const format = useFormat();
  const now = useNow(1000);
  const { columns } = words;
  return (
    <table className={tables.table} aria-label={words.list}>
      <thead>
        <tr>
          <th className={styles.narrow}>{columns.severity}</th>
          <th className={`${styles.narrow} ${styles.wide}`}>{columns.state}</th>
          <th className={styles.mid}>{columns.rule}</th>
          <th>{columns.about}</th>
          <th className={`${tables.number} ${styles.narrow} ${styles.wide}`}>{columns.value}</th>
          <th className={styles.narrow}>{columns.since}</th>
          <th className={`${styles.mid} ${styles.wide}`}>{columns.told}</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => {
          const about = subjectOf(alert.labels);
          return (
            <tr
              key={alert.id}
              data-row=""
              data-alert={alert.id}
              data-selected={alert.id === selected || undefined}
              onClick={() => onSelect(alert.id)}
            >
              <td>
                <SeverityText severity={alert.severity} />
              </td>
              <td className={styles.wide}>
                <AlertState state={alert.state} />
              </td>
              <td title={alert.rule_name}>
                <button type="button" className={controls.link} onClick={() => onSelect(alert.id)}>
                  {alert.rule_name}
                </button>
              </td>
              <td title={`${about.name} ${about.place}`}>
                {about.name} <span className={styles.muted}>{about.place}</span>
              </td>
              <td className={`${tables.number} ${styles.wide}`} title={alert.threshold_text ?? undefined}>
                {alert.value_text ?? '–'}
              </td>
              <td title={format.dateTime(alert.since_ms)}>{format.ago(alert.since_ms, now)}</td>
              <td className={styles.wide}>
                {alert.silenced_until_ms !== null
                  ? words.silenced(format.dayTime(alert.silenced_until_ms))
                  : alert.told_channels.join(', ') || words.nobodyTold}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
