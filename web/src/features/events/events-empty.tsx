import { useQuery } from '@tanstack/react-query';
import { type EventPage, statusQuery } from '../../api/queries';
import { type EventsState, encodeRange } from '../../domain/search';
import { totalOf } from '../../domain/severity';
import { endsNow, type TimeRange } from '../../domain/time-range';
import { CommandLine } from '../../ui/command-line';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useNow, useSetUrl } from '../../ui/search';
import { Empty } from '../../ui/states';

interface EventsEmptyProps {
  summary: EventPage;
  state: EventsState;
  change: (patch: Partial<EventsState>) => void;
  range: TimeRange;
}

const WEEK_MS = 604_800_000;
/** Reads password hashes, as an intruder would; a shipped rule watches for it. */
const TRIGGER = 'cat /etc/shadow';

/** Why there is no event: filters, a quiet range, no rule, or nobody who watches. */
export function EventsEmpty({ summary, state, change, range }: EventsEmptyProps) {
  const words = useWords();
  const format = useFormat();
  const setUrl = useSetUrl();
  const now = useNow(5000);
  const { data: status } = useQuery(statusQuery);
  const filtered =
    state.severities.length > 0 ||
    state.q !== '' ||
    state.rule !== undefined ||
    state.container !== undefined;
  if (filtered) {
    return (
      <Empty
        title={words.events.noneMatch}
        actions={
          <button
            type="button"
            className={controls.control}
            onClick={() => change({ severities: [], q: '', rule: undefined, container: undefined })}
          >
            {words.events.clearFilters}
          </button>
        }
      >
        {totalOf(summary.counts) > 0 && (
          <p>{words.events.noneMatchHint(format.exact(totalOf(summary.counts)))}</p>
        )}
      </Empty>
    );
  }
  const connected = status?.agents.filter((a) => a.state === 'connected').length ?? 0;
  if (status && connected === 0) {
    return (
      <Empty title={words.events.noAgent}>
        <p>{words.events.noAgentHint}</p>
        <CommandLine line="lanner agent" />
        <p role="status">{words.explore.waiting}</p>
      </Empty>
    );
  }
  if (status && status.rules_loaded === 0) return <Empty title={words.events.noRules} />;

  const span = format.span(summary.to_ms - summary.from_ms);
  const last = status?.last_finding_ms;
  const week = (
    <button
      type="button"
      className={controls.control}
      onClick={() =>
        setUrl(encodeRange({ from: { kind: 'now', agoMs: WEEK_MS }, to: { kind: 'now', agoMs: 0 } }))
      }
    >
      {words.events.lastWeek}
    </button>
  );
  return (
    <Empty
      title={endsNow(range) ? words.events.quiet(span) : words.events.quietRange}
      actions={summary.to_ms - summary.from_ms < WEEK_MS ? week : undefined}
    >
      {status && (
        <p>
          {words.events.watching(status.rules_loaded, connected)}{' '}
          {last == null ? words.events.neverAny : words.events.lastEvent(format.ago(last, now))}
        </p>
      )}
      <p>{words.events.trigger}</p>
      <CommandLine line={TRIGGER} />
      <p>{words.events.triggerNote}</p>
    </Empty>
  );
}
