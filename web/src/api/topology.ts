/** Who talks to whom. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { components, operations } from './schema.gen';

export type TopologyMap = components['schemas']['TopologyMap'];
export type TopologyQuery = NonNullable<operations['topology']['parameters']['query']>;

export function topologyQuery(query: TopologyQuery, refetchMs: number | false) {
  return queryOptions({
    queryKey: ['topology', query],
    queryFn: ({ signal }) => body(client.GET('/api/v1/topology', { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
}
