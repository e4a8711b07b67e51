/** Dashboards: what is kept, and what is made of it. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client, done } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type Dashboard = Schemas['Dashboard'];
export type DashboardContent = Schemas['DashboardContent'];
export type DashboardSummary = Schemas['DashboardSummary'];
export type DashboardProblem = Schemas['DashboardProblem'];
export type Panel = Schemas['Panel'];
export type PanelQuery = Schemas['PanelQuery'];

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/dashboards', { signal })),
});

export function dashboardQuery(id: string) {
  return queryOptions({
    queryKey: ['dashboard', id],
    queryFn: ({ signal }) =>
      body(client.GET('/api/v1/dashboards/{id}', { params: { path: { id } }, signal })),
    // What somebody edits must not change under the hand.
    staleTime: 60_000,
  });
}

/** What is wrong with a content; asked while it is written, so the last answer stays until the next. */
export function dashboardCheckQuery(content: DashboardContent) {
  return queryOptions({
    queryKey: ['dashboard-check', content],
    queryFn: ({ signal }) => body(client.POST('/api/v1/dashboards/check', { body: content, signal })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

export function createDashboard(content: DashboardContent): Promise<Dashboard> {
  return body(client.POST('/api/v1/dashboards', { body: { content, copy_of: null, title: null } }));
}

export function copyDashboard(id: string, title: string): Promise<Dashboard> {
  return body(client.POST('/api/v1/dashboards', { body: { content: null, copy_of: id, title } }));
}

export function changeDashboard(id: string, version: number, content: DashboardContent): Promise<Dashboard> {
  return body(
    client.PUT('/api/v1/dashboards/{id}', { params: { path: { id } }, body: { version, content } }),
  );
}

export function deleteDashboard(id: string): Promise<void> {
  return done(client.DELETE('/api/v1/dashboards/{id}', { params: { path: { id } } }));
}
