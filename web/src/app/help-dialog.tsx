import { useEffect, useRef } from 'react';
import { KEY_HELP } from '../domain/keys';
import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { Icon } from '../ui/icons';
import { useLiveHold } from '../ui/live';
import { setPreference, usePreferences } from '../ui/preferences';
import styles from './help-dialog.module.css';

const GROUPS = ['pages', 'rows', 'view', 'time'] as const;

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords();
  const { letterKeys } = usePreferences();
  const dialog = useRef<HTMLDialogElement>(null);
  useLiveHold('help', open);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="keys-title" onClose={onClose}>
      {open && (
        <>
          <header>
            <h2 id="keys-title">{words.keys.title}</h2>
            <button type="button" className={controls.icon} aria-label={words.app.close} onClick={onClose}>
              <Icon name="close" />
            </button>
          </header>
          <div className={styles.groups}>
            {GROUPS.map((group) => (
              <section key={group}>
                <h3>{words.keys.groups[group]}</h3>
                <dl>
                  {KEY_HELP.filter((k) => k.group === group).map((k) => (
                    <div key={k.action}>
                      <dt>{words.keys.actions[k.action]}</dt>
                      <dd>
                        {k.keys.map((key, i) => (
                          <span key={key}>
                            {i > 0 && (
                              <small>{k.keys[0] === 'g' ? words.keys.followedBy : words.keys.or}</small>
                            )}
                            <kbd className={controls.key}>{key}</kbd>
                          </span>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <label className={controls.check}>
            <input
              type="checkbox"
              checked={letterKeys}
              onChange={(event) => setPreference('letterKeys', event.target.checked)}
            />
            {words.keys.letters}
          </label>
        </>
      )}
    </dialog>
  );
}
