/** Every question the page asks, as options for `useQuery`. Nothing else fetches. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { components, operations } from './schema.gen';

type Schemas = components['schemas'];
export type Status = Schemas['Status'];
export type Agent = Schemas['Agent'];
export type ExploreTable = Schemas['ExploreTable'];
export type History = Schemas['History'];
export type Chart = Schemas['Chart'];
export type EventPage = Schemas['EventPage'];
export type SecurityEvent = Schemas['SecurityEvent'];
export type SecurityEventDetail = Schemas['SecurityEventDetail'];
export type ProcessTreeNode = Schemas['ProcessTreeNode'];
export type RuleList = Schemas['RuleList'];
export type ExploreQuery = NonNullable<operations['explore']['parameters']['query']>;
export type HistoryQuery = operations['history']['parameters']['query'];
export type EventsQuery = NonNullable<operations['events']['parameters']['query']>;

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/status', { signal })),
  refetchInterval: 5000,
});

export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/rules', { signal })),
  staleTime: 60_000,
});

export function exploreQuery(query: ExploreQuery) {
  return queryOptions({
    queryKey: ['explore', query],
    queryFn: ({ signal }) => body(client.GET('/api/v1/explore', { params: { query }, signal })),
    placeholderData: keepPreviousData,
    // The stream brings what is new.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export function historyQuery(query: HistoryQuery, refetchMs: number | false) {
  return queryOptions({
    queryKey: ['history', query],
    queryFn: ({ signal }) => body(client.GET('/api/v1/history', { params: { query }, signal })),
    placeholderData: (previous: History | undefined, before) =>
      // Another row's lines must not stand under this row's name.
      (before?.queryKey[1] as HistoryQuery | undefined)?.row === query.row ? previous : undefined,
    refetchInterval: refetchMs,
  });
}

export function eventsQuery(query: EventsQuery, refetchMs: number | false = false) {
  return infiniteQueryOptions({
    queryKey: ['events', query],
    queryFn: ({ signal, pageParam }) =>
      body(client.GET('/api/v1/events', { params: { query: { ...query, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: EventPage) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
}

/** Counts only: what the rail shows, what stands beside an event. */
export function eventCountsQuery(query: EventsQuery, refetchMs: number | false) {
  return queryOptions({
    queryKey: ['event-counts', query],
    queryFn: ({ signal }) => body(client.GET('/api/v1/events', { params: { query }, signal })),
    refetchInterval: refetchMs,
  });
}

export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ['event', id],
    queryFn: ({ signal }) => body(client.GET('/api/v1/events/{id}', { params: { path: { id } }, signal })),
    // What happened does not change.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
