import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import {
  copyDashboard,
  createDashboard,
  type DashboardSummary,
  dashboardsQuery,
  deleteDashboard,
} from '../../api/dashboards';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { useFormat, useWords } from '../../ui/i18n/words';
import { PageHead } from '../../ui/page-head';
import { usePreferences } from '../../ui/preferences';
import { keepCommon, useNow, useSetUrl, useUrl } from '../../ui/search';
import { Section } from '../../ui/section';
import { Empty, Failed, Skeleton } from '../../ui/states';
import tables from '../../ui/tables.module.css';
import { Ask } from './ask';
import styles from './dashboards.module.css';
import { summaryIn } from './shipped-ja';
import { useMayWrite } from './use-may-write';
import { useDashboardWords } from './words';

export function DashboardsPage() {
  const words = useDashboardWords();
  const list = useQuery(dashboardsQuery);
  const mayWrite = useMayWrite();
  const q = useUrl().q ?? '';
  const setUrl = useSetUrl();
  const navigate = useNavigate();
  const edit = (id: string) => navigate({ to: '/dashboards/$id/edit', params: { id }, search: keepCommon() });
  const create = useMutation({
    mutationFn: () => createDashboard({ title: words.newTitle, description: '', selectors: [], panels: [] }),
    onSuccess: (made) => void edit(made.id),
  });
  const { language } = usePreferences();
  const listed = list.data?.dashboards.map((d) => summaryIn(language, d));
  const found = listed?.filter((d) => `${d.title} ${d.description}`.toLowerCase().includes(q.toLowerCase()));
  return (
    <>
      <PageHead title={words.title} />
      <div className={styles.page}>
        <div className={styles.tools}>
          <FilterField
            className={styles.filter}
            value={q}
            label={words.search}
            clearLabel={words.clear}
            onChange={(text) => setUrl({ q: text || undefined }, { replace: true })}
          />
          <p role="alert">{create.error?.message}</p>
          <button
            type="button"
            className={`${controls.control} ${controls.primary}`}
            disabled={create.isPending || !mayWrite}
            title={mayWrite ? undefined : words.needsEditor}
            onClick={() => create.mutate()}
          >
            {words.create}
          </button>
        </div>
        {list.error && !list.data ? (
          <Failed error={list.error} onRetry={() => void list.refetch()} />
        ) : !found ? (
          <Skeleton rows={8} inset />
        ) : found.length === 0 ? (
          <Empty title={words.nothing(q)} />
        ) : (
          <div className={styles.lists}>
            {[true, false].map((builtIn) => {
              const of = found.filter((d) => d.built_in === builtIn);
              return (
                <Section key={String(builtIn)} level={2} title={builtIn ? words.builtIn : words.own}>
                  {of.length > 0 ? (
                    <Listed dashboards={of} />
                  ) : (
                    !builtIn && q === '' && <p className={styles.none}>{words.noOwn}</p>
                  )}
                </Section>
              );
            })}
          </div>
        )}
      </div>
    </>
  );
}

function Listed({ dashboards }: { dashboards: DashboardSummary[] }) {
  const words = useDashboardWords();
  const { scope } = useWords();
  const format = useFormat();
  const now = useNow(60_000);
  const own = dashboards.some((d) => !d.built_in);
  return (
    <table className={`${tables.table} ${tables.flush} ${styles.list}`}>
      <thead>
        <tr>
          <th>{words.name}</th>
          <th>{words.scope}</th>
          <th className={tables.number}>{words.panels}</th>
          {own && <th>{words.changed}</th>}
          <th>
            <span className={styles.unseen}>{words.duplicate}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {dashboards.map((d) => (
          <tr key={d.id}>
            <td title={d.description}>
              <Link to="/dashboards/$id" params={{ id: d.id }} search={keepCommon()}>
                {d.title}
              </Link>{' '}
              <span className={styles.muted}>{d.description}</span>
            </td>
            <td>{d.scope.map((label) => scope.names[label] ?? label).join(', ')}</td>
            <td className={tables.number}>{d.panels}</td>
            {own && (
              <td title={d.changed_ms == null ? undefined : format.dateTime(d.changed_ms)}>
                {d.changed_ms != null &&
                  (d.changed_by
                    ? words.changedBy(d.changed_by, format.ago(d.changed_ms, now))
                    : format.ago(d.changed_ms, now))}
              </td>
            )}
            <td className={tables.number}>
              <Actions dashboard={d} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions({ dashboard }: { dashboard: DashboardSummary }) {
  const words = useDashboardWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const mayWrite = useMayWrite();
  const renew = () => queries.invalidateQueries({ queryKey: ['dashboards'] });
  const copy = useMutation({
    mutationFn: () => copyDashboard(dashboard.id, words.copyOf(dashboard.title)),
    onSuccess: (made) => {
      void renew();
      void navigate({ to: '/dashboards/$id/edit', params: { id: made.id }, search: keepCommon() });
    },
  });
  const remove = useMutation({ mutationFn: () => deleteDashboard(dashboard.id), onSettled: renew });
  const error = copy.error ?? remove.error;
  return (
    <span className={styles.actions}>
      {error && <span role="alert">{error.message}</span>}
      <button
        type="button"
        className={controls.link}
        disabled={!mayWrite}
        title={mayWrite ? undefined : words.needsEditor}
        onClick={() => copy.mutate()}
      >
        {words.duplicate}
      </button>
      {!dashboard.built_in && mayWrite && (
        <>
          <Link to="/dashboards/$id/edit" params={{ id: dashboard.id }} search={keepCommon()}>
            {words.edit}
          </Link>
          <button type="button" className={styles.danger} onClick={() => setAsks(true)}>
            {words.delete}
          </button>
        </>
      )}
      <Ask
        open={asks}
        title={words.deleteTitle(dashboard.title)}
        hint={words.deleteHint}
        yes={words.deleteNow}
        no={words.cancel}
        danger
        onYes={() => remove.mutate()}
        onClose={() => setAsks(false)}
      />
    </span>
  );
}
