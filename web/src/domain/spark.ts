/** Path of a sparkline, the scale from zero to the largest value or a tenth. */
export interface Spark {
  line: string;
  /** A short mark at the newest value; empty where that is not known. */
  end: string;
}

/** A tenth of a core at least: the noise of an idle process must not look like work. */
const LEAST_SCALE = 0.1;

export function sparkPath(values: readonly (number | null)[], width: number, height: number): Spark {
  const known = values.filter((v): v is number => v !== null && Number.isFinite(v));
  if (known.length === 0 || values.length < 2) return { line: '', end: '' };
  const most = Math.max(...known, LEAST_SCALE);
  const step = (width - 4) / (values.length - 1);
  const x = (i: number) => round(2 + i * step);
  const y = (v: number) => round(height - 2 - (v / most) * (height - 4));
  let line = '';
  let drawing = false;
  values.forEach((v, i) => {
    if (v === null || !Number.isFinite(v)) {
      drawing = false;
      return;
    }
    // A value alone between two gaps is a dot: a line of no length with round ends.
    const lone = !drawing && (values[i + 1] ?? null) === null;
    line += `${drawing ? 'L' : 'M'}${x(i)} ${y(v)}${lone ? 'h0' : ''}`;
    drawing = true;
  });
  const last = values.at(-1);
  const end = last == null ? '' : `M${x(values.length - 1)} ${y(last)}h.01`;
  return { line, end };
}

function round(v: number): number {
  return Math.round(v * 10) / 10;
}
