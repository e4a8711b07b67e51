import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { createPortal } from 'react-dom';
import styles from './page-head.module.css';

/** Where in the top bar a page writes its name and scope. */
export const HeadSlot = createContext<HTMLElement | null>(null);

interface PageHeadProps {
  /** What stands before the title, outermost first. */
  crumbs?: ReactNode[];
  title: string;
  /** Scope and filters of the page. */
  children?: ReactNode;
}

export function PageHead({ crumbs = [], title, children }: PageHeadProps) {
  const slot = useContext(HeadSlot);
  useEffect(() => {
    document.title = `${title} · Lanner`;
  }, [title]);
  if (!slot) return null;
  return createPortal(
    <>
      {crumbs.map((crumb, i) => (
        <span key={i} className={styles.crumb}>
          {crumb}
          <span aria-hidden="true">/</span>
        </span>
      ))}
      <h1 className={styles.title} title={title}>
        {title}
      </h1>
      {children}
    </>,
    slot,
  );
}
