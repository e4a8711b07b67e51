import { useEffect, useState } from 'react';
import { useFormat, useWords } from '../ui/i18n/words';
import { useLive } from '../ui/live';
import styles from './connection-banner.module.css';

/** A stream that comes back within this time is not worth a line. */
const TOLD_AFTER_MS = 1500;

export function ConnectionBanner() {
  const words = useWords();
  const format = useFormat();
  const { connection, dataMs } = useLive();
  const [told, setTold] = useState(false);
  const lost = connection === 'lost';
  useEffect(() => {
    if (!lost) {
      setTold(false);
      return;
    }
    const timer = setTimeout(() => setTold(true), TOLD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" className={told ? styles.banner : undefined}>
      {told &&
        (dataMs === undefined ? words.live.lostBannerNoData : words.live.lostBanner(format.time(dataMs)))}
    </div>
  );
}
