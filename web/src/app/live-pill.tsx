import { useLocation } from '@tanstack/react-router';
import { endsNow } from '../domain/time-range';
import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { useKey } from '../ui/keys';
import { useLive } from '../ui/live';
import { useRange, useSetUrl, useUrl } from '../ui/search';
import styles from './live-pill.module.css';

/** Live, paused with what waits, off, or on its way back. A click pauses and resumes. */
export function LivePill() {
  const words = useWords();
  const live = useLive();
  const url = useUrl();
  const range = useRange();
  const setUrl = useSetUrl();
  const { pathname } = useLocation();
  // Explore's table is of this moment whatever the range of its charts.
  const past = !endsNow(range) && !pathname.endsWith('/explore');
  const off = url.live === 'off';
  const toggle = () => setUrl({ live: off ? undefined : 'off' }, { replace: true });
  useKey('live', past ? undefined : toggle);

  if (live.connection === 'none' && !off && !past) return null;

  let state: 'off' | 'live' | 'paused' | 'lost' = 'live';
  let text = words.live.live;
  let small: string | undefined = live.intervalS === undefined ? undefined : words.live.every(live.intervalS);
  if (past || off) {
    state = 'off';
    text = words.live.off;
    small = undefined;
  } else if (live.connection === 'lost') {
    state = 'lost';
    text = words.live.lost;
    small = undefined;
  } else if (live.held && live.waiting > 0) {
    state = 'paused';
    text = words.live.paused;
    small = words.live.waiting(live.waiting);
  }
  const title = past ? words.live.pastRange : off ? words.live.resume : words.live.pause;
  return (
    <button
      type="button"
      className={`${controls.control} ${styles.pill}`}
      data-state={state}
      disabled={past}
      aria-pressed={!off && !past}
      title={`${title}${past ? '' : ' (l)'}`}
      onClick={toggle}
    >
      <i aria-hidden="true" />
      {text}
      {small && <span className={styles.small}>{state === 'paused' ? `· ${small}` : small}</span>}
    </button>
  );
}
