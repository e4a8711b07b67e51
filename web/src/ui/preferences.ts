import { useSyncExternalStore } from 'react';
import type { Language } from '../domain/format';

/** What a reader chose for this browser. The URL may override it for one visit (`?theme=&lang=`). */
export type Theme = 'auto' | 'light' | 'dark';

interface Preferences {
  theme: Theme;
  language: Language;
  railFolded: boolean;
  drawerWidth: number;
  /** Single letters as commands; some readers' tools need them off (WCAG 2.1.4). */
  letterKeys: boolean;
}

export const DRAWER_WIDTH = { least: 360, usual: 480, most: 960 };

const KEY = 'lanner.preferences';
let current = load();
const listeners = new Set<() => void>();

function load(): Preferences {
  const fallback: Preferences = {
    theme: 'auto',
    language: navigator.language.startsWith('ja') ? 'ja' : 'en',
    railFolded: false,
    drawerWidth: DRAWER_WIDTH.usual,
    letterKeys: true,
  };
  let stored: Partial<Preferences> = {};
  try {
    stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
  } catch {
    // Storage is closed or was written by something else: the defaults do.
  }
  const url = new URLSearchParams(location.search);
  const theme = url.get('theme') ?? stored.theme;
  const language = url.get('lang') ?? stored.language;
  return {
    ...fallback,
    ...stored,
    theme: theme === 'light' || theme === 'dark' || theme === 'auto' ? theme : fallback.theme,
    language: language === 'ja' || language === 'en' ? language : fallback.language,
  };
}

/** Theme and language live on `<html>`, where CSS and screen readers look. */
export function applyToDocument(): void {
  const root = document.documentElement;
  root.lang = current.language;
  if (current.theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = current.theme;
}

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  current = { ...current, [key]: value };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Then it is remembered until the page is left.
  }
  applyToDocument();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}
