import type { ReactNode } from 'react';

/** Line icons of 16 px, drawn with the colour of the text beside them. */
const PATHS = {
  spotlight: (
    <>
      <circle cx="8" cy="8" r="2.2" />
      <path d="M8 1.8v2.4M8 11.8v2.4M1.8 8h2.4M11.8 8h2.4" />
    </>
  ),
  topology: (
    <>
      <circle cx="3.6" cy="8" r="1.8" />
      <circle cx="12.4" cy="3.8" r="1.8" />
      <circle cx="12.4" cy="12.2" r="1.8" />
      <path d="m5.2 7.2 5.6-2.6M5.2 8.8l5.6 2.6" />
    </>
  ),
  dashboards: <path d="M2.5 13.5V9M6.2 13.5V5M9.8 13.5V7.5M13.5 13.5v-11" />,
  alerts: (
    <>
      <path d="M3.2 11.5c1-1 1.2-2.2 1.2-4.2a3.6 3.6 0 0 1 7.2 0c0 2 .2 3.2 1.2 4.2z" />
      <path d="M6.6 13.4a1.5 1.5 0 0 0 2.8 0" />
    </>
  ),
  captures: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <circle cx="8" cy="8" r="2" fill="currentColor" stroke="none" />
    </>
  ),
  explore: (
    <>
      <path d="M2.5 3h11" />
      <path d="M4.5 3v9.5h2M4.5 7.75h2" />
      <path d="M8.5 7.75h5M8.5 12.5h5" />
    </>
  ),
  shield: <path d="M8 1.8 13.2 3.6v4.1c0 3.1-2.1 5.4-5.2 6.5-3.1-1.1-5.2-3.4-5.2-6.5V3.6z" />,
  settings: (
    <>
      <path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6" />
      <circle cx="10.2" cy="4.5" r="1.7" />
      <circle cx="5.7" cy="11.5" r="1.7" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.3" r="2.8" />
      <path d="M2.6 13.8c.6-2.6 2.7-4.2 5.4-4.2s4.8 1.6 5.4 4.2" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.4 3.4" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 4.7V8l2.2 1.6" />
    </>
  ),
  left: <path d="M9.8 3.5 5.3 8l4.5 4.5" />,
  right: <path d="M6.2 3.5 10.7 8l-4.5 4.5" />,
  down: <path d="M3.5 6.2 8 10.7l4.5-4.5" />,
  up: <path d="M3.5 9.8 8 5.3l4.5 4.5" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  check: <path d="m3.2 8.4 3.3 3.2 6.3-7" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.3" />
      <path d="M10.5 5.3V3.8c0-.7-.6-1.3-1.3-1.3H3.8c-.7 0-1.3.6-1.3 1.3v5.4c0 .7.6 1.3 1.3 1.3h1.5" />
    </>
  ),
  columns: (
    <>
      <rect x="2.3" y="3" width="11.4" height="10" rx="1.3" />
      <path d="M6.1 3v10M9.9 3v10" />
    </>
  ),
  pause: <path d="M5.7 3.5v9M10.3 3.5v9" />,
  play: <path d="M5 3.3v9.4L12.5 8z" />,
  auto: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 2.3a5.7 5.7 0 0 1 0 11.4z" fill="currentColor" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1" />
    </>
  ),
  moon: <path d="M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9z" />,
  rail: (
    <>
      <rect x="2.3" y="3" width="11.4" height="10" rx="1.3" />
      <path d="M6.3 3v10" />
    </>
  ),
  foldAll: <path d="M3 8h10M5.5 2.5 8 5l2.5-2.5M5.5 13.5 8 11l2.5 2.5" />,
  unfoldAll: <path d="M3 8h10M5.5 5 8 2.5 10.5 5M5.5 11 8 13.5 10.5 11" />,
  target: (
    <>
      <circle cx="8" cy="8" r="4.6" />
      <path d="M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3" />
    </>
  ),
  link: (
    <path d="M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.8-.8" />
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}

/** A falcon from the front, wings up: the mark beside the name. */
export function Logo() {
  return (
    <svg width="22" height="22" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true" focusable="false">
      <path d="M1.5 4c3.1.3 5.6 1.5 7.2 3.7L10 9.5l1.3-1.8C12.9 5.5 15.4 4.3 18.5 4c-1.1 3.5-3.3 5.5-6.2 6.3L10 17.2l-2.3-6.9C4.8 9.5 2.6 7.5 1.5 4z" />
    </svg>
  );
}
