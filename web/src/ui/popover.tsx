import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { useLiveHold } from './live';
import styles from './popover.module.css';

interface PopoverProps {
  /** The button's content. */
  button: ReactNode;
  buttonClass?: string;
  /** Tooltip of the button and name of the panel. */
  label: string;
  /** Edge of the button the panel is aligned to. */
  align?: 'start' | 'end';
  buttonRef?: React.RefObject<HTMLButtonElement | null>;
  onOpen?: () => void;
  children: (close: () => void) => ReactNode;
}

const GAP = 4;
const MARGIN = 8;

/**
 * A panel under a button. The browser's own popover brings the top layer, Escape, a click outside
 * and the way of the focus; only the place is ours.
 */
export function Popover(props: PopoverProps) {
  const { button, buttonClass, label, align = 'start', buttonRef, onOpen, children } = props;
  const id = useId();
  const own = useRef<HTMLButtonElement>(null);
  const anchor = buttonRef ?? own;
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useLiveHold(`popover ${id}`, open);

  const place = () => {
    const box = anchor.current?.getBoundingClientRect();
    const it = panel.current;
    if (!box || !it) return;
    const width = it.offsetWidth;
    const left = align === 'end' ? box.right - width : box.left;
    it.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`;
    it.style.top = `${box.bottom + GAP}px`;
    it.style.maxHeight = `${window.innerHeight - box.bottom - GAP - MARGIN}px`;
  };

  // Only now is it as large as what is in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: placed when it opens
  useLayoutEffect(() => {
    if (!open) return;
    place();
    const first = panel.current?.querySelector<HTMLElement>('[data-first]');
    (first ?? panel.current?.querySelector<HTMLElement>('input, button, a'))?.focus();
  }, [open]);

  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={buttonClass}
        popoverTarget={id}
        aria-expanded={open}
        aria-haspopup="dialog"
        title={label}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className={styles.panel}
        role="dialog"
        aria-label={label}
        onToggle={(event) => {
          setOpen(event.newState === 'open');
          if (event.newState === 'open') onOpen?.();
        }}
      >
        {open && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
