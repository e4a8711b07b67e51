import type { DashboardContent, DashboardProblem } from '../../api/dashboards';
import controls from '../../ui/controls.module.css';
import { Icon } from '../../ui/icons';
import { newPanel, problemsBelow, withMovedPanel, withNewPanel, withoutPanel } from './draft';
import styles from './editor.module.css';
import { useDashboardWords } from './words';

interface PanelListProps {
  content: DashboardContent;
  problems: readonly DashboardProblem[];
  /** Number of the panel that is edited. */
  chosen: number;
  onChoose: (at: number) => void;
  change: (content: DashboardContent) => void;
}

/** The panels in their order, and what can be done with the one that is chosen. */
export function PanelList({ content, problems, chosen, onChoose, change }: PanelListProps) {
  const words = useDashboardWords();
  const { panels } = content;
  const move = (by: number) => {
    const moved = withMovedPanel(content, chosen, chosen + by);
    if (moved === content) return;
    change(moved);
    onChoose(chosen + by);
  };
  const insert = (panel: DashboardContent['panels'][number]) => {
    const at = Math.min(chosen + 1, panels.length);
    change(withNewPanel(content, at, panel));
    onChoose(at);
  };
  const current = panels[chosen];
  const tool = (
    label: string,
    icon: 'up' | 'down' | 'copy' | 'close',
    disabled: boolean,
    act: () => void,
  ) => (
    <button
      type="button"
      className={controls.icon}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={act}
    >
      <Icon name={icon} size={14} />
    </button>
  );
  return (
    <nav className={styles.list} aria-label={words.panelList}>
      <div className={styles.listTools}>
        <button type="button" className={controls.control} onClick={() => insert(newPanel(words.newPanel))}>
          {words.addPanel}
        </button>
        {tool(words.moveUp, 'up', !current || chosen === 0, () => move(-1))}
        {tool(words.moveDown, 'down', !current || chosen >= panels.length - 1, () => move(1))}
        {tool(words.duplicatePanel, 'copy', !current, () => current && insert({ ...current }))}
        {tool(words.removePanel, 'close', !current, () => {
          change(withoutPanel(content, chosen));
          onChoose(Math.max(0, Math.min(chosen, panels.length - 2)));
        })}
      </div>
      <ol>
        {panels.map((panel, i) => {
          const bad = problemsBelow(problems, `panels[${i}]`);
          return (
            <li key={i}>
              <button type="button" aria-current={i === chosen || undefined} onClick={() => onChoose(i)}>
                <span>{panel.title || '–'}</span>
                <small>
                  {bad > 0 ? (
                    <b className={styles.problem}>{words.problems(bad)}</b>
                  ) : (
                    words.kinds[panel.kind]
                  )}
                </small>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
