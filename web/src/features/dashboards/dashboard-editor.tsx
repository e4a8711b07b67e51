import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import {
  changeDashboard,
  createDashboard,
  type Dashboard,
  type DashboardContent,
  dashboardCheckQuery,
  dashboardQuery,
} from '../../api/dashboards';
import { changed, redone, undoable, undone } from '../../domain/undo';
import controls from '../../ui/controls.module.css';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useSetUrl, useUrl } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { Ask } from './ask';
import shared from './dashboards.module.css';
import { problemsBelow, withPanel } from './draft';
import { EditButton } from './edit-button';
import styles from './editor.module.css';
import { JsonView } from './json-view';
import { PanelView } from './panel';
import { Options, Queries } from './panel-form';
import { PanelList } from './panel-list';
import { ScopeBar } from './scope-bar';
import { useDebounced } from './use-debounced';
import { usePlace } from './use-place';
import { useDashboardWords } from './words';

export function DashboardEditor() {
  const { id } = useParams({ strict: false }) as { id: string };
  const words = useDashboardWords();
  const dashboard = useQuery(dashboardQuery(id));
  if (dashboard.data && !dashboard.data.built_in) return <Editor key={id} dashboard={dashboard.data} />;
  return (
    <>
      <PageHead title={words.title} />
      {dashboard.data ? (
        <Empty title={words.readOnly} actions={<EditButton dashboard={dashboard.data} />} />
      ) : dashboard.error ? (
        <Failed error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      ) : (
        <Skeleton rows={12} inset />
      )}
    </>
  );
}

function Editor({ dashboard }: { dashboard: Dashboard }) {
  const words = useDashboardWords();
  const setUrl = useSetUrl();
  const [state, setState] = useState(() => undoable(dashboard.content));
  const [json, setJson] = useState(false);
  const content = state.present;
  const saving = useSaving(dashboard, content);
  const chosen = Math.max(0, Math.min(content.panels.length - 1, Number(useUrl().panel ?? 0) || 0));
  const panel = content.panels[chosen];
  const place = usePlace(content.selectors);
  const settled = useDebounced(content);
  const check = useQuery(dashboardCheckQuery(settled));
  const problems = check.data?.problems ?? [];
  // What is known to be wrong is not asked: the last that was right stays.
  const sound =
    check.data && !check.isPlaceholderData && problemsBelow(problems, `panels[${chosen}]`) === 0
      ? settled.panels[chosen]
      : undefined;
  const [right, setRight] = useState({ at: chosen, panel });
  useEffect(() => {
    if (sound) setRight({ at: chosen, panel: sound });
  }, [chosen, sound]);
  const preview = right.at === chosen ? right.panel : panel;
  const change = (next: DashboardContent, key?: string) => setState((s) => changed(s, next, key));
  const title = words.editing(content.title || '–');

  return (
    <>
      <PageHead
        crumbs={[
          <Link key="list" to="/dashboards" search={keepCommon()}>
            {words.title}
          </Link>,
        ]}
        title={title}
      >
        <ScopeBar
          selectors={content.selectors}
          scope={place.scope}
          moment={place.moment}
          onChange={place.onScope}
        />
      </PageHead>
      <div className={shared.page}>
        <div className={shared.tools}>
          <label className={controls.field}>
            <input
              value={content.title}
              aria-label={words.dashboardTitle}
              onChange={(e) => change({ ...content, title: e.target.value }, 'title')}
            />
          </label>
          <label className={`${controls.field} ${styles.wide}`}>
            <input
              value={content.description}
              placeholder={words.description}
              aria-label={words.description}
              onChange={(e) => change({ ...content, description: e.target.value }, 'description')}
            />
          </label>
          <span role="status">
            {problems.length > 0
              ? words.problems(problems.length)
              : saving.dirty
                ? words.unsaved
                : dashboard.version > 0 && words.saved}
          </span>
          <button
            type="button"
            className={controls.control}
            disabled={state.past.length === 0}
            onClick={() => setState(undone)}
          >
            {words.undo}
          </button>
          <button
            type="button"
            className={controls.control}
            disabled={state.future.length === 0}
            onClick={() => setState(redone)}
          >
            {words.redo}
          </button>
          <button
            type="button"
            className={controls.control}
            aria-pressed={json}
            onClick={() => setJson(!json)}
          >
            {words.json}
          </button>
          <Link
            to="/dashboards/$id"
            params={{ id: dashboard.id }}
            search={keepCommon()}
            className={controls.control}
          >
            {words.back}
          </Link>
          <button
            type="button"
            className={controls.control}
            disabled={saving.pending || problems.length > 0}
            onClick={saving.saveCopy}
          >
            {words.saveCopy}
          </button>
          <button
            type="button"
            className={`${controls.control} ${controls.primary}`}
            disabled={!saving.dirty || saving.pending || problems.length > 0}
            onClick={saving.save}
          >
            {words.save}
          </button>
        </div>
        {saving.error && <Failed error={saving.error} />}
        {json ? (
          <JsonView content={content} onApply={(next) => change(next)} />
        ) : (
          <div className={styles.editor}>
            <PanelList
              content={content}
              problems={problems}
              chosen={chosen}
              onChoose={(at) => setUrl({ panel: String(at) }, { replace: true })}
              change={(next) => change(next)}
            />
            {panel && preview ? (
              <>
                <div className={styles.middle}>
                  <div className={shared.grid} data-alone>
                    <PanelView key={chosen} panel={preview} place={place} />
                  </div>
                  <Queries
                    panel={panel}
                    at={`panels[${chosen}]`}
                    problems={problems}
                    moment={place.moment}
                    places={[...content.selectors.map((s) => s.name), 'window', 'range']
                      .map((n) => `$${n}`)
                      .join(' ')}
                    change={(next, key) => change(withPanel(content, chosen, next), `${chosen} ${key}`)}
                  />
                </div>
                <Options
                  panel={panel}
                  at={`panels[${chosen}]`}
                  problems={problems}
                  change={(next, key) => change(withPanel(content, chosen, next), `${chosen} ${key}`)}
                />
              </>
            ) : (
              <Empty title={words.emptyTitle} />
            )}
          </div>
        )}
        <Ask
          open={saving.leaving}
          title={words.leaveTitle}
          hint={words.leaveHint}
          yes={words.leave}
          no={words.stay}
          danger
          onYes={saving.leave}
          onClose={saving.stay}
        />
      </div>
    </>
  );
}

/** Saving, and asking before what is not saved is left behind. */
function useSaving(dashboard: Dashboard, content: DashboardContent) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [base, setBase] = useState({ version: dashboard.version, content: dashboard.content });
  const dirty = content !== base.content;
  // A page that is left because it was saved must not ask.
  const done = useRef(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && !done.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty && !done.current,
    withResolver: true,
  });
  const keep = (saved: Dashboard) => {
    queries.setQueryData(dashboardQuery(saved.id).queryKey, saved);
    void queries.invalidateQueries({ queryKey: ['dashboards'] });
  };
  const save = useMutation({
    mutationFn: () => changeDashboard(dashboard.id, base.version, content),
    onSuccess: (saved) => {
      keep(saved);
      setBase({ version: saved.version, content });
    },
  });
  const saveCopy = useMutation({
    mutationFn: () => {
      const same = content.title === dashboard.content.title;
      return createDashboard(same ? { ...content, title: copyTitle(content.title) } : content);
    },
    onSuccess: (made) => {
      keep(made);
      done.current = true;
      void navigate({ to: '/dashboards/$id', params: { id: made.id }, search: keepCommon() });
    },
  });
  const words = useDashboardWords();
  const copyTitle = (title: string) => words.copyOf(title).slice(0, 120);
  return {
    dirty,
    pending: save.isPending || saveCopy.isPending,
    error: save.error ?? saveCopy.error,
    save: () => save.mutate(),
    saveCopy: () => saveCopy.mutate(),
    leaving: blocker.status === 'blocked',
    leave: () => blocker.proceed?.(),
    stay: () => blocker.reset?.(),
  };
}
