import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type AlertRule, alertRulesQuery, alertsChanged, channelsQuery, saveRule } from '../../api/alerts';
import type { StatusMark } from '../../domain/status';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { useFormat } from '../../ui/i18n/words';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useNow, useSetUrl, useUrl } from '../../ui/search';
import { SeverityText } from '../../ui/severity';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './alerts.module.css';
import { Tabs } from './tabs';
import { useAlertWords } from './words';

/** All rules: whether they are on, how they fare, whom they tell. */
export function AlertRulesPage() {
  const words = useAlertWords();
  const { data, error, refetch } = useQuery(alertRulesQuery);
  const { q = '', scope } = useUrl();
  const setUrl = useSetUrl();
  const shown = data?.rules.filter((r) =>
    `${r.spec.name} ${r.id} ${r.spec.description}`.toLowerCase().includes(q.toLowerCase()),
  );
  return (
    <div className={styles.page}>
      <PageHead crumbs={[words.tabs.label]} title={words.tabs.rules} />
      <div className={styles.bar}>
        <Tabs />
        <FilterField
          value={q}
          onChange={(next) => setUrl({ q: next || undefined }, { replace: true })}
          label={words.filterRules}
          clearLabel={words.clear}
        />
        <Link
          to="/alerts/rules/$id"
          params={{ id: 'new' }}
          search={keepCommon({ scope })}
          className={`${controls.control} ${controls.primary} ${styles.end}`}
        >
          {words.newRule}
        </Link>
      </div>
      <div className={styles.scroll}>
        {shown ? (
          shown.length === 0 ? (
            <Empty title={words.noneMatch} />
          ) : (
            <RuleTable rules={shown} />
          )
        ) : error ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={10} inset />
        )}
      </div>
    </div>
  );
}

function RuleTable({ rules }: { rules: AlertRule[] }) {
  const words = useAlertWords();
  const { columns } = words;
  return (
    <table className={tables.table} aria-label={words.tabs.rules}>
      <thead>
        <tr>
          <th>{columns.name}</th>
          <th className={styles.narrow}>{columns.on}</th>
          <th className={styles.narrow}>{columns.severity}</th>
          <th className={styles.mid}>{columns.kind}</th>
          <th className={styles.mid}>{columns.state}</th>
          <th className={`${tables.number} ${styles.narrow}`}>{columns.watches}</th>
          <th className={styles.narrow}>{columns.checked}</th>
          <th className={styles.mid}>{columns.tells}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} />
        ))}
      </tbody>
    </table>
  );
}

function RuleRow({ rule }: { rule: AlertRule }) {
  const words = useAlertWords();
  const format = useFormat();
  const now = useNow(1000);
  const queries = useQueryClient();
  const { data: channels } = useQuery(channelsQuery);
  const toggle = useMutation({
    mutationFn: () => saveRule({ ...rule.spec, enabled: !rule.spec.enabled }, rule.id, rule.version),
    onSettled: () => alertsChanged(queries),
  });
  const names = new Map(channels?.channels.map((c) => [c.id, c.spec.name]));
  const told =
    rule.spec.channels === null
      ? words.allChannels
      : rule.spec.channels.flatMap((id) => names.get(id) ?? []).join(', ') || words.nobody;
  return (
    <tr data-rule={rule.id}>
      <td title={rule.spec.description}>
        <Link to="/alerts/rules/$id" params={{ id: rule.id }} search={keepCommon()}>
          {rule.spec.name}
        </Link>{' '}
        {rule.origin !== 'shipped' && <span className={styles.muted}>{words.origins[rule.origin]}</span>}
      </td>
      <td>
        <label className={controls.check}>
          <input
            type="checkbox"
            checked={toggle.isPending ? !rule.spec.enabled : rule.spec.enabled}
            disabled={toggle.isPending}
            aria-label={words.switchOn(rule.spec.name)}
            onChange={() => toggle.mutate()}
          />
        </label>
      </td>
      <td>
        {rule.spec.condition.type !== 'security_event' && <SeverityText severity={rule.spec.severity} />}
      </td>
      <td>{words.kinds[rule.spec.condition.type]}</td>
      <td title={toggle.error?.message ?? rule.error ?? undefined}>
        <RuleState rule={rule} />
      </td>
      <td
        className={tables.number}
        title={rule.over_limit > 0 ? words.overLimit(rule.over_limit) : undefined}
      >
        {rule.spec.enabled && rule.evaluated_ms !== null ? format.exact(rule.watched) : '–'}
        {rule.over_limit > 0 && ` + ${format.exact(rule.over_limit)}`}
      </td>
      <td>{rule.evaluated_ms === null ? '–' : format.ago(rule.evaluated_ms, now)}</td>
      <td title={told}>{told}</td>
    </tr>
  );
}

const MARKS: Record<AlertRule['health'], StatusMark> = {
  ok: 'ok',
  no_data: 'plain',
  error: 'crit',
  waiting: 'nodata',
  off: 'plain',
};

function RuleState({ rule }: { rule: AlertRule }) {
  const words = useAlertWords();
  if (rule.health === 'ok' && rule.firing > 0) {
    return <Status mark="crit" word={`${words.firing} ${rule.firing}`} />;
  }
  if (rule.health === 'ok' && rule.pending > 0) {
    return <Status mark="warn" word={`${words.pending} ${rule.pending}`} />;
  }
  return <Status mark={MARKS[rule.health]} word={words.health[rule.health]} />;
}
