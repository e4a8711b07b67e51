/** What a capture shows. A capture does not change, so no answer grows old. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { components, operations } from './schema.gen';

type Schemas = components['schemas'];
export type InspectOverview = Schemas['InspectOverview'];
export type InspectTile = Schemas['InspectTile'];
export type InspectTable = Schemas['InspectTable'];
export type InspectRow = Schemas['InspectRow'];
export type InspectCell = Schemas['InspectCell'];
export type InspectColumn = Schemas['InspectColumn'];
export type InspectView = Schemas['InspectView'];
export type InspectEvent = Schemas['InspectEvent'];
export type InspectEvents = Schemas['InspectEvents'];
export type InspectEventDetail = Schemas['InspectEventDetail'];
export type InspectQuery = NonNullable<operations['overview']['parameters']['query']>;
export type InspectTableQuery = NonNullable<operations['view']['parameters']['query']>;
export type InspectEventsQuery = NonNullable<operations['captured_events']['parameters']['query']>;

const FOREVER = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const;

export function overviewQuery(id: string, query: InspectQuery) {
  return queryOptions({
    queryKey: ['inspect', id, 'overview', query],
    queryFn: ({ signal }) =>
      body(client.GET('/api/v1/captures/{id}/overview', { params: { path: { id }, query }, signal })),
    ...FOREVER,
    placeholderData: keepPreviousData,
  });
}

export function tableQuery(id: string, view: InspectView, query: InspectTableQuery) {
  return queryOptions<InspectTable>({
    queryKey: ['inspect', id, view, query],
    queryFn: ({ signal }) =>
      body(
        client.GET('/api/v1/captures/{id}/views/{view}', { params: { path: { id, view }, query }, signal }),
      ),
    ...FOREVER,
    // Another view's rows must not stand under this one's name.
    placeholderData: (previous: InspectTable | undefined) => (previous?.view === view ? previous : undefined),
  });
}

export function captureEventsQuery(id: string, query: InspectEventsQuery) {
  return queryOptions({
    queryKey: ['inspect', id, 'events', query],
    queryFn: ({ signal }) =>
      body(client.GET('/api/v1/captures/{id}/events', { params: { path: { id }, query }, signal })),
    ...FOREVER,
    placeholderData: keepPreviousData,
  });
}

export function captureEventQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ['inspect', id, 'event', number],
    queryFn: ({ signal }) =>
      body(client.GET('/api/v1/captures/{id}/events/{number}', { params: { path: { id, number } }, signal })),
    ...FOREVER,
  });
}
