import { useQueries } from '@tanstack/react-query';
import { ApiError } from '../../api/client';
import type { DashboardContent, Panel } from '../../api/dashboards';
import { askInstant, askRange, type InstantSeries, type RangeSeries, type Warned } from '../../api/promql';
import { type Grid, isInstant } from '../../domain/panel';
import type { Scope } from '../../domain/scope';
import { fill, matchersOf, UnknownPlace } from '../../domain/template';
import type { Moment } from './use-moment';

/** What a query brought, at the moments it was asked for. */
export interface Brought {
  grid: Grid;
  range?: RangeSeries[];
  instant?: InstantSeries[];
  warnings: string[];
}

export interface PanelData {
  /** The queries as they were asked. */
  asked: string[];
  /** One for each query; `undefined` while one has nothing yet. */
  brought: Brought[] | undefined;
  error: Error | null;
  fetching: boolean;
  retry: () => void;
}

/** The series of a panel in a scope, asked for while it is near the part of the page that is seen. */
export function usePanel(
  panel: Panel,
  selectors: DashboardContent['selectors'],
  scope: Scope,
  moment: Moment,
  near: boolean,
): PanelData {
  const filled = panel.queries.map((q) => filledQuery(q.promql, selectors, scope, moment));
  const answers = useQueries({
    queries: filled.map((asked, i) => {
      const instant = isInstant(panel.kind, panel.queries[i]!.promql);
      const { grid } = moment;
      return {
        queryKey: ['panel', asked.text, instant, instant ? moment.range.toMs : grid] as const,
        queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Brought> => {
          if (asked.error) throw asked.error;
          const got: Warned<RangeSeries | InstantSeries> = instant
            ? await askInstant(asked.text, moment.range.toMs, signal)
            : await askRange(asked.text, grid, signal);
          return { grid, warnings: got.warnings, [instant ? 'instant' : 'range']: got.series };
        },
        enabled: near,
        // The moments are part of the question.
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 30_000,
        retry: (failures: number, error: Error) =>
          failures < 1 && error instanceof ApiError && error.code === 'unreachable',
        // What was asked otherwise must not stand under this question.
        placeholderData: (
          before: Brought | undefined,
          query: { queryKey: readonly unknown[] } | undefined,
        ) => (query?.queryKey[1] === asked.text && query.queryKey[2] === instant ? before : undefined),
      };
    }),
  });
  const brought = answers.map((a) => a.data);
  return {
    asked: filled.map((f) => f.text),
    brought: brought.every((b) => b !== undefined) ? brought : undefined,
    error: answers.find((a) => a.error)?.error ?? null,
    fetching: answers.some((a) => a.isFetching),
    retry: () => {
      for (const answer of answers) if (answer.error) void answer.refetch();
    },
  };
}

function filledQuery(
  promql: string,
  selectors: DashboardContent['selectors'],
  scope: Scope,
  moment: Moment,
): { text: string; error?: Error } {
  try {
    const text = fill(promql, {
      selector: (name) => {
        const selector = selectors.find((s) => s.name === name);
        return selector && matchersOf(selector, scope);
      },
      window: moment.window,
      range: moment.rangeText,
    });
    return { text };
  } catch (error) {
    if (!(error instanceof UnknownPlace)) throw error;
    return { text: promql, error: new ApiError('bad_data', error.message) };
  }
}
