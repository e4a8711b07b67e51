/** The first page. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client, done } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type Spotlight = Schemas['Spotlight'];
export type Attention = Schemas['Attention'];
export type AttentionKind = Schemas['AttentionKind'];
export type AgentHealth = Schemas['AgentHealth'];
export type Integration = Schemas['Integration'];

export function spotlightQuery(refetchMs: number | false = false) {
  return queryOptions({
    queryKey: ['spotlight'],
    queryFn: ({ signal }) => body(client.GET('/api/v1/spotlight', { signal })),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
}

export function forgetAgent(id: string): Promise<void> {
  return done(client.DELETE('/api/v1/agents/{id}', { params: { path: { id } } }));
}
