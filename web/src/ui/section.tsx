import type { ReactNode } from 'react';
import styles from './section.module.css';

interface SectionProps {
  title: string;
  note?: ReactNode;
  /** At the right end of the heading. */
  end?: ReactNode;
  children: ReactNode;
}

export function Section({ title, note, end, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <header>
        <h3>{title}</h3>
        {note && <span>{note}</span>}
        {end && <span className={styles.end}>{end}</span>}
      </header>
      {children}
    </section>
  );
}
