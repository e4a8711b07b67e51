import { useState } from 'react';
import type { DashboardContent } from '../../api/dashboards';
import controls from '../../ui/controls.module.css';
import { CopyButton } from '../../ui/copy-button';
import styles from './editor.module.css';
import { useDashboardWords } from './words';

interface JsonViewProps {
  content: DashboardContent;
  onApply: (content: DashboardContent) => void;
}

/** All of a dashboard as text: to copy, to keep in a repository, to change by hand. */
export function JsonView({ content, onApply }: JsonViewProps) {
  const words = useDashboardWords();
  const [text, setText] = useState(() => JSON.stringify(content, null, 2));
  const [bad, setBad] = useState<string>();
  const apply = () => {
    try {
      onApply(completed(JSON.parse(text)));
      setBad(undefined);
    } catch (error) {
      setBad(words.jsonBad(error instanceof Error ? error.message : String(error)));
    }
  };
  return (
    <div className={styles.json}>
      <p>{words.jsonHint}</p>
      <textarea
        value={text}
        spellCheck={false}
        aria-label={words.json}
        onChange={(event) => setText(event.target.value)}
      />
      {bad && (
        <p role="alert" className={styles.problem}>
          {bad}
        </p>
      )}
      <div className={styles.row}>
        <button type="button" className={controls.control} onClick={apply}>
          {words.apply}
        </button>
        <CopyButton text={text} label="JSON" />
      </div>
    </div>
  );
}

/** What a file may leave out, put in; what else is wrong with it the server says. */
function completed(it: Partial<DashboardContent>): DashboardContent {
  if (typeof it !== 'object' || it === null || !Array.isArray(it.panels)) throw new Error('panels: []');
  return {
    ...it,
    title: String(it.title ?? ''),
    description: it.description ?? '',
    selectors: it.selectors ?? [],
    panels: it.panels.map((panel) => ({
      ...panel,
      title: panel.title ?? '',
      description: panel.description ?? '',
      thresholds: panel.thresholds ?? [],
      most_series: panel.most_series ?? null,
      queries: (panel.queries ?? []).map((q) => ({ ...q, legend: q.legend ?? '', unit: q.unit ?? null })),
    })),
  };
}
