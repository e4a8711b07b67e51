import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../ui/i18n/words';
import { listenToKeys, setLetterKeys, useKey } from '../ui/keys';
import { holdLive, useLive } from '../ui/live';
import { HeadSlot } from '../ui/page-head';
import { usePreferences } from '../ui/preferences';
import { keepCommon } from '../ui/search';
import { ConnectionBanner } from './connection-banner';
import { HelpDialog } from './help-dialog';
import { Rail } from './rail';
import styles from './shell.module.css';
import { TopBar } from './top-bar';

/** Rail, top bar and the page between them; keys and holds that hold everywhere. */
export function Shell() {
  const bare = useRouterState({ select: (state) => state.location.pathname.endsWith('/login') });
  // Who is not signed in has no pages yet.
  return bare ? <Outlet /> : <Frame />;
}

function Frame() {
  const words = useWords();
  const { railFolded, letterKeys } = usePreferences();
  const live = useLive();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const navigate = useNavigate();

  useEffect(listenToKeys, []);
  useEffect(() => setLetterKeys(letterKeys), [letterKeys]);
  useEffect(holdWhileSelecting, []);
  useKey('help', () => setHelpOpen(true));
  const go = (to: string) => void navigate({ to, search: keepCommon() } as never);
  useKey('go_spotlight', () => go('/spotlight'));
  useKey('go_explore', () => go('/explore'));
  useKey('go_topology', () => go('/topology'));
  useKey('go_dashboards', () => go('/dashboards'));
  useKey('go_alerts', () => go('/alerts'));
  useKey('go_events', () => go('/security/events'));
  useKey('go_captures', () => go('/captures'));
  useKey('go_about', () => go('/settings/about'));

  return (
    <HeadSlot value={slot}>
      <div className={styles.shell} data-rail={railFolded ? 'folded' : undefined}>
        <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
          {words.app.skip}
        </button>
        <Rail />
        <TopBar slotRef={setSlot} onHelp={() => setHelpOpen(true)} />
        <main ref={main} className={styles.main} tabIndex={-1} data-connection={live.connection}>
          <ConnectionBanner />
          <Outlet />
        </main>
        <HelpDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
      </div>
    </HeadSlot>
  );
}

/** What someone is marking must not change under the marking. */
function holdWhileSelecting(): () => void {
  const onChange = () => {
    const selection = document.getSelection();
    const typing = document.activeElement instanceof HTMLInputElement;
    holdLive(
      'selection',
      !typing && selection !== null && !selection.isCollapsed && String(selection) !== '',
    );
  };
  document.addEventListener('selectionchange', onChange);
  return () => {
    document.removeEventListener('selectionchange', onChange);
    holdLive('selection', false);
  };
}
