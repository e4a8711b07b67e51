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
  width = WIDTH,
  height = HEIGHT,
}: {
  values: (number | null)[];
  heat: Heat;
  width?: number;
  height?: number;
}) {
  const { line, end } = sparkPath(values, width, height);
  if (line === '') return null;
  return (
    <svg
      className={heat === 'crit' ? styles.crit : styles.line}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      focusable="false"
    >
      <path d={end ? `${line}${end}` : line} />
    </svg>
  );
});
