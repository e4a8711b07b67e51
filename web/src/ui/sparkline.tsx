import { memo } from 'react';
import type { Heat } from '../domain/heat';
import { sparkPath } from '../domain/spark';
import styles from './sparkline.module.css';

const WIDTH = 54;
const HEIGHT = 18;

/** A line without axes; where there was no value there is no line. Colour only where it is hot now. */
export const Sparkline = memo(function Sparkline({
  values,
  heat,
}: {
  values: (number | null)[];
  heat: Heat;
}) {
  const { line, end } = sparkPath(values, WIDTH, HEIGHT);
  if (line === '') return null;
  return (
    <svg
      className={heat === 'crit' ? styles.crit : styles.line}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      focusable="false"
    >
      <path d={end ? `${line}${end}` : line} />
    </svg>
  );
});
