/** Everything about alerts that is asked and changed. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from '@tanstack/react-query';
import { ApiError, body, client } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type Alert = Schemas['Alert'];
export type AlertList = Schemas['AlertList'];
export type AlertChange = Schemas['AlertChange'];
export type AlertRule = Schemas['AlertRule'];
export type AlertRuleSpec = Schemas['AlertRuleSpec'];
export type AlertCondition = Schemas['AlertCondition'];
export type AlertPreview = Schemas['AlertPreview'];
export type Silence = Schemas['Silence'];
export type SilenceSpec = Schemas['SilenceSpec'];
export type Channel = Schemas['Channel'];
export type ChannelSpec = Schemas['ChannelSpec'];
export type ChannelTarget = Schemas['ChannelTarget'];
export type ChannelTest = Schemas['ChannelTest'];
export type Delivery = Schemas['Delivery'];

const OFTEN_MS = 10_000;

export const alertsQuery = queryOptions({
  queryKey: ['alerts', 'active'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/alerts', { signal })),
  refetchInterval: OFTEN_MS,
});

export function alertHistoryQuery(query: { alert?: string; rule?: string }) {
  return infiniteQueryOptions({
    queryKey: ['alerts', 'history', query],
    queryFn: ({ signal, pageParam }) =>
      body(
        client.GET('/api/v1/alerts/history', { params: { query: { ...query, cursor: pageParam } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Schemas['AlertHistory']) => page.next_cursor ?? undefined,
    refetchInterval: OFTEN_MS,
  });
}

export const alertRulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/alerts/rules', { signal })),
  refetchInterval: OFTEN_MS,
});

export function alertRuleQuery(id: string) {
  return queryOptions({
    queryKey: ['alerts', 'rule', id],
    queryFn: ({ signal }) =>
      body(client.GET('/api/v1/alerts/rules/{id}', { params: { path: { id } }, signal })),
    // What is being typed must not be overwritten.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export function alertPreviewQuery(spec: AlertRuleSpec | undefined, hours: number) {
  return queryOptions({
    queryKey: ['alerts', 'preview', spec, hours],
    queryFn: ({ signal }) =>
      body(client.POST('/api/v1/alerts/rules/preview', { body: { spec: spec!, hours }, signal })),
    enabled: spec !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}

export const silencesQuery = queryOptions({
  queryKey: ['alerts', 'silences'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/silences', { signal })),
  refetchInterval: OFTEN_MS,
});

export function silencePreviewQuery(spec: SilenceSpec | undefined) {
  return queryOptions({
    queryKey: ['alerts', 'silence-preview', spec],
    queryFn: ({ signal }) => body(client.POST('/api/v1/silences/preview', { body: spec!, signal })),
    enabled: spec !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export const channelsQuery = queryOptions({
  queryKey: ['alerts', 'channels'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/channels', { signal })),
  refetchInterval: OFTEN_MS,
});

export const deliveriesQuery = queryOptions({
  queryKey: ['alerts', 'deliveries'],
  queryFn: ({ signal }) =>
    body(client.GET('/api/v1/deliveries', { params: { query: { limit: 100 } }, signal })),
  refetchInterval: 5000,
});

/** Makes a rule, or changes the one of this id. */
export function saveRule(spec: AlertRuleSpec, id?: string, version?: number): Promise<AlertRule> {
  const change = { spec, version: version ?? null };
  return id === undefined
    ? body(client.POST('/api/v1/alerts/rules', { body: change }))
    : body(client.PUT('/api/v1/alerts/rules/{id}', { params: { path: { id } }, body: change }));
}

export function deleteRule(id: string): Promise<void> {
  return done(client.DELETE('/api/v1/alerts/rules/{id}', { params: { path: { id } } }));
}

export function saveSilence(spec: SilenceSpec): Promise<Silence> {
  return body(client.POST('/api/v1/silences', { body: spec }));
}

export function expireSilence(id: string): Promise<void> {
  return done(client.DELETE('/api/v1/silences/{id}', { params: { path: { id } } }));
}

/** Makes a channel, or changes the one of this id. */
export function saveChannel(spec: ChannelSpec, id?: string, version?: number): Promise<Channel> {
  const change = { spec, version: version ?? null };
  return id === undefined
    ? body(client.POST('/api/v1/channels', { body: change }))
    : body(client.PUT('/api/v1/channels/{id}', { params: { path: { id } }, body: change }));
}

export function deleteChannel(id: string): Promise<void> {
  return done(client.DELETE('/api/v1/channels/{id}', { params: { path: { id } } }));
}

export function testChannel(id: string): Promise<ChannelTest> {
  return body(client.POST('/api/v1/channels/{id}/test', { params: { path: { id } } }));
}

/** After a change everything about alerts is asked anew. */
export function alertsChanged(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ['alerts'] });
}

/** An answer without a body. */
async function done(answer: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<void> {
  const got = await answer;
  if (got.response.ok) return;
  await body(Promise.resolve({ ...got, data: undefined })).catch((error: unknown) => {
    throw error instanceof Error ? error : new ApiError('http', String(error));
  });
}
