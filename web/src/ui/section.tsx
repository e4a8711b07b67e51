import type { ReactNode } from 'react';
import styles from './section.module.css';

interface SectionProps {
  title: string;
  /** Of its heading. */
  level?: 2 | 3;
  note?: ReactNode;
  /** At the right end of the heading. */
  end?: ReactNode;
  children: ReactNode;
}

export function Section({ title, level = 3, note, end, children }: SectionProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className={styles.section}>
      <header>
        <Heading>{title}</Heading>
        {note && <span>{note}</span>}
        {end && <span className={styles.end}>{end}</span>}
      </header>
      {children}
    </section>
  );
}
