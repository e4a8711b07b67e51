import { type RefObject, useEffect, useState } from 'react';

/** Whether an element is in the part of the page that is seen, or within a screen of it. */
export function useNear(element: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const it = element.current;
    if (!it) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.some((entry) => entry.isIntersecting)),
      { rootMargin: '100% 0px' },
    );
    observer.observe(it);
    return () => observer.disconnect();
  }, [element]);
  return near;
}
