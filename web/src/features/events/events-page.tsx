import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { encodeRange } from '../../domain/search';
import { totalOf } from '../../domain/severity';
import { absolute } from '../../domain/time-range';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { useKey } from '../../ui/keys';
import { holdLive } from '../../ui/live';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useRange, useSetUrl, useUrl } from '../../ui/search';
import { SeverityBars } from '../../ui/severity-bars';
import { Failed, Skeleton } from '../../ui/states';
import { Counts } from './counts';
import { EventGroups } from './event-groups';
import { EventList } from './event-list';
import { EventsEmpty } from './events-empty';
import styles from './events-page.module.css';
import { useFindings } from './use-findings';
import { useEventsState } from './use-state';

export function EventsPage() {
  const words = useWords();
  const format = useFormat();
  const range = useRange();
  const setUrl = useSetUrl();
  const live = useUrl().live !== 'off';
  const [state, change] = useEventsState();
  const { summary, findings, fresh, error, fetching, retry, loadOlder, loadingOlder } = useFindings(
    state,
    range,
    live,
  );
  const active = useActiveRow(findings.map((f) => f.id));
  useEffect(() => () => holdLive('row', false), []);
  useKey('refresh', retry);
  useKey('problems', () =>
    change({ severities: state.severities.length > 0 ? [] : ['critical', 'high'] }, true),
  );
  const otherView = () => change({ grouped: !state.grouped }, true);
  useKey('next_view', otherView);
  useKey('previous_view', otherView);

  const shown = state.severities;
  const matching = summary
    ? totalOf(summary.counts.filter((c) => shown.length === 0 || shown.includes(c.severity)))
    : 0;
  const containerName =
    state.container === 'host'
      ? words.events.host
      : findings.find((f) => f.container?.id === state.container)?.container?.name ||
        state.container?.slice(0, 12);

  return (
    <>
      <PageHead crumbs={[words.app.security]} title={words.app.events}>
        {state.rule && (
          <Chip label={words.events.onlyRule(state.rule)} onRemove={() => change({ rule: undefined })} />
        )}
        {containerName && (
          <Chip
            label={words.events.onlyContainer(containerName)}
            onRemove={() => change({ container: undefined })}
          />
        )}
      </PageHead>
      {error ? (
        <Failed error={error} onRetry={retry} />
      ) : !summary ? (
        <Skeleton rows={10} inset />
      ) : (
        <div className={styles.page}>
          <div className={styles.summary}>
            <Counts
              summary={summary}
              shown={state.severities}
              onShow={(severities) => change({ severities }, true)}
            />
            <SeverityBars
              bars={summary.histogram}
              fromMs={summary.from_ms}
              toMs={summary.to_ms}
              format={format}
              onZoom={(from, to) => setUrl(encodeRange(absolute(from, to)))}
            />
          </div>
          <div className={styles.tools}>
            <FilterField
              className={styles.filter}
              value={state.q}
              label={words.events.filter}
              clearLabel={words.explore.clearFilter}
              onChange={(q) => change({ q }, true)}
            />
            <label className={controls.check}>
              <input
                type="checkbox"
                checked={state.grouped}
                onChange={(e) => change({ grouped: e.target.checked }, true)}
              />
              {words.events.group}
            </label>
            <span className={styles.loaded} role="status">
              {findings.length > 0 &&
                (findings.length >= matching
                  ? words.events.allLoaded(format.exact(findings.length))
                  : words.events.someLoaded(format.exact(findings.length), format.exact(matching)))}
            </span>
          </div>
          <div className={styles.progress} data-on={fetching || undefined} />
          {findings.length === 0 ? (
            <EventsEmpty summary={summary} state={state} change={change} range={range} />
          ) : (
            <div
              onPointerEnter={() => holdLive('row', true)}
              onPointerLeave={() => holdLive('row', false)}
              className={styles.rows}
            >
              {state.grouped ? (
                <EventGroups findings={findings} fresh={fresh} long={isLong(summary)} />
              ) : (
                <EventList findings={findings} fresh={fresh} active={active} long={isLong(summary)} />
              )}
            </div>
          )}
          {loadOlder && findings.length > 0 && (
            <div className={styles.more}>
              <button type="button" className={controls.control} disabled={loadingOlder} onClick={loadOlder}>
                {words.events.loadOlder}
              </button>
            </div>
          )}
        </div>
      )}
    </>
  );
}

const DAY_MS = 86_400_000;

function isLong(range: { from_ms: number; to_ms: number }): boolean {
  return (
    range.to_ms - range.from_ms > DAY_MS ||
    new Date(range.from_ms).getDate() !== new Date(range.to_ms).getDate()
  );
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const words = useWords();
  const remove = words.events.removeFilter(label);
  return (
    <span className={controls.chip} title={label}>
      <span>{label}</span>
      <button type="button" aria-label={remove} title={remove} onClick={onRemove}>
        <Icon name="close" size={10} />
      </button>
    </span>
  );
}

/** Moves with j and k, follows the event and not the line, opens with Enter. */
function useActiveRow(ids: string[]): string | undefined {
  const navigate = useNavigate();
  const [active, setActive] = useState<string>();
  const index = active === undefined ? -1 : ids.indexOf(active);
  const goTo = (i: number) => setActive(ids[Math.max(0, Math.min(ids.length - 1, i))]);
  useKey('down', () => goTo(index + 1));
  useKey('up', () => goTo(index < 0 ? 0 : index - 1));
  useKey('first', () => goTo(0));
  useKey('last', () => goTo(ids.length - 1));
  useKey('close', () => setActive(undefined));
  useKey('open', () => {
    const id = active ?? ids[0];
    if (id) void navigate({ to: '/security/events/$id', params: { id }, search: keepCommon() });
  });
  return active;
}
