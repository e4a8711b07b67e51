import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Alert, alertHistoryQuery } from '../../api/alerts';
import { dashboardOfScope, formatScope } from '../../domain/scope';
import controls from '../../ui/controls.module.css';
import frame from '../../ui/drawer.module.css';
import facts from '../../ui/facts.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { keepCommon } from '../../ui/search';
import { Section } from '../../ui/section';
import { SeverityText } from '../../ui/severity';
import styles from './alerts.module.css';
import { ChangeTable } from './change-table';
import { Labels } from './labels';
import { matchText } from './matchers';
import { AlertState } from './state';
import { scopeOf, subjectOf } from './subject';
import { useAlertWords } from './words';

interface AlertDrawerProps {
  id: string;
  /** `undefined` when it is over. */
  alert: Alert | undefined;
  onClose: () => void;
}

/** One alert: what, since when, who was told, what it did before. */
export function AlertDrawer({ id, alert, onClose }: AlertDrawerProps) {
  const words = useAlertWords();
  const common = useWords();
  const history = useInfiniteQuery(alertHistoryQuery({ alert: id }));
  const changes = history.data?.pages.flatMap((page) => page.changes) ?? [];
  const title = alert?.rule_name ?? changes[0]?.rule_name ?? words.details;
  return (
    <aside className={frame.drawer} aria-label={words.details}>
      <header className={frame.head}>
        <span className={frame.kind}>{words.details}</span>
        <h2 title={title}>{title}</h2>
        <button
          type="button"
          className={controls.icon}
          aria-label={common.app.close}
          title={`${common.app.close} (Esc)`}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className={`${frame.body} ${styles.stack}`}>
        {alert ? <AlertFacts alert={alert} /> : <p className={styles.muted}>{words.gone}</p>}
        {changes.length > 0 && (
          <Section title={words.historyTitle}>
            <ChangeTable changes={changes} only="this" />
          </Section>
        )}
      </div>
    </aside>
  );
}

function AlertFacts({ alert }: { alert: Alert }) {
  const words = useAlertWords();
  const format = useFormat();
  const scope = scopeOf(alert.labels);
  const about = subjectOf(alert.labels);
  const told =
    alert.told_ms === null
      ? words.nobodyTold
      : words.toldTo(alert.told_channels.join(', '), format.dateTime(alert.told_ms));
  const pairs: [string, React.ReactNode][] = [
    [words.columns.severity, <SeverityText key="s" severity={alert.severity} />],
    [words.columns.state, <AlertState key="s" state={alert.state} />],
    [words.columns.about, [about.name, about.place].filter(Boolean).join(' · ')],
    ...(alert.value_text !== null ? [[words.columns.value, alert.value_text] as [string, string]] : []),
    ...(alert.threshold_text !== null ? [[words.threshold, alert.threshold_text] as [string, string]] : []),
    [words.heldSince, format.dateTime(alert.since_ms)],
    ...(alert.fired_ms !== null
      ? [[words.firedAt, format.dateTime(alert.fired_ms)] as [string, string]]
      : []),
    [words.toldAt, told],
  ];
  return (
    <>
      <div className={styles.row}>
        <Link
          to="/alerts/silences"
          search={keepCommon({ match: matchText(alert), new: '1' })}
          className={controls.control}
        >
          <Icon name="pause" size={14} />
          {words.silence}
        </Link>
        <Link
          to="/alerts/rules/$id"
          params={{ id: alert.rule_id }}
          search={keepCommon()}
          className={controls.control}
        >
          {words.editRule}
        </Link>
        {scope.length > 0 && (
          <Link
            to="/dashboards/$id"
            params={{ id: dashboardOfScope(scope) }}
            search={keepCommon({ scope: formatScope(scope) })}
            className={controls.control}
          >
            <Icon name="dashboards" size={14} />
            {words.dashboard}
          </Link>
        )}
        {alert.event_id !== null && (
          <Link
            to="/security/events/$id"
            params={{ id: alert.event_id }}
            search={keepCommon()}
            className={controls.control}
          >
            <Icon name="shield" size={14} />
            {words.event}
          </Link>
        )}
      </div>
      {alert.silenced_until_ms !== null && (
        <p className={styles.said}>{words.silenced(format.dateTime(alert.silenced_until_ms))}</p>
      )}
      {alert.event_output !== null && <p className={styles.said}>{alert.event_output}</p>}
      <dl className={facts.facts}>
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={facts.wrap}>{value}</dd>
          </div>
        ))}
      </dl>
      <Section title={words.labels}>
        <Labels labels={alert.labels} />
      </Section>
    </>
  );
}
