import { useEffect, useState } from 'react';
import controls from './controls.module.css';
import { useWords } from './i18n/words';
import { Icon } from './icons';

const SHOWN_MS = 1600;

/** Without a `label` only the icon is seen. */
export function CopyButton({
  text,
  label,
  what,
}: {
  text: string | (() => string);
  label?: string;
  what?: string;
}) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? words.app.copied : (label ?? `${words.app.copy}${what ? `: ${what}` : ''}`);
  return (
    <button
      type="button"
      className={label ? controls.control : controls.icon}
      aria-label={label ? undefined : name}
      title={label ? undefined : name}
      onClick={() => void copyText(typeof text === 'string' ? text : text()).then(() => setCopied(true))}
    >
      <Icon name={copied ? 'check' : 'copy'} size={14} />
      {label && <span aria-live="polite">{name}</span>}
    </button>
  );
}

/** Pages served over plain HTTP from another host have no clipboard of their own. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
