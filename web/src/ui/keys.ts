import { useEffect, useEffectEvent } from 'react';
import { type KeyAction, type KeyState, nextKey } from '../domain/keys';

type Handler = (event: KeyboardEvent) => void;

/** Handlers by action; the newest stands on top, so that an open drawer gets `Esc` before the page. */
const handlers = new Map<KeyAction, Handler[]>();
let lettersOff = false;

export function setLetterKeys(on: boolean): void {
  lettersOff = !on;
}

export function useKey(action: KeyAction, handler: Handler | undefined): void {
  const call = useEffectEvent((event: KeyboardEvent) => handler?.(event));
  const on = handler !== undefined;
  useEffect(() => {
    if (!on) return;
    const entry: Handler = (event) => call(event);
    const stack = handlers.get(action) ?? [];
    stack.push(entry);
    handlers.set(action, stack);
    return () => {
      stack.splice(stack.indexOf(entry), 1);
    };
  }, [action, on]);
}

const TYPING = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable="true"]';
/** Where a key means something of its own already. */
const OWN_KEYS: Record<string, string> = {
  Enter: 'button, a, summary, dialog, [popover]',
  ArrowUp: 'dialog, [popover]',
  ArrowDown: 'dialog, [popover]',
  ArrowLeft: 'dialog, [popover], [role="separator"]',
  ArrowRight: 'dialog, [popover], [role="separator"]',
  Home: 'dialog, [popover]',
  End: 'dialog, [popover]',
};

/** Listens to the whole page. Called once, by the shell. */
export function listenToKeys(): () => void {
  let state: KeyState = { going: false };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const own = OWN_KEYS[event.key];
    if (own !== undefined && target.closest(own)) return;
    if (lettersOff && event.key.length === 1) return;
    // A dialog owns the page while it is open; Escape closes it by itself.
    if (document.querySelector('dialog[open]')) return;
    const next = nextKey(state, {
      key: event.key,
      ctrl: event.ctrlKey,
      meta: event.metaKey,
      alt: event.altKey,
      composing: event.isComposing,
      typing: target.closest(TYPING) !== null,
    });
    state = next.state;
    const handler = next.action && handlers.get(next.action)?.at(-1);
    if (!handler) return;
    event.preventDefault();
    handler(event);
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
