import { memo } from 'react';
import styles from './inspect.module.css';

interface BarsProps {
  values: number[];
  width: number;
  height: number;
  /** The steps that the window has; the others stand back. */
  from?: number;
  to?: number;
  className?: string;
}

/** A single one must be seen beside thousands. */
const LEAST_PX = 2;

/** A course over time, a bar a step, in one path for what is in the window and one for the rest. */
export const Bars = memo(function Bars({ values, width, height, from = 0, to, className }: BarsProps) {
  const most = Math.max(...values, 1);
  const end = to ?? values.length;
  const step = width / Math.max(1, values.length);
  const gap = step > 3 ? 1 : 0;
  const draw = (inside: boolean) =>
    values
      .map((value, i) => {
        if (value === 0 || (i >= from && i < end) !== inside) return '';
        const tall = Math.max(LEAST_PX, (value / most) * height);
        return `M${(i * step).toFixed(2)} ${height}v-${tall.toFixed(1)}h${(step - gap).toFixed(2)}v${tall.toFixed(1)}z`;
      })
      .join('');
  return (
    <svg
      className={`${styles.bars} ${className ?? ''}`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path className={styles.outside} d={draw(false)} />
      <path d={draw(true)} />
    </svg>
  );
});
