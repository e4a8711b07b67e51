/** Captures: asked for, listed, deleted. */
import { queryOptions } from '@tanstack/react-query';
import { apiUrl, body, client } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type Capture = Schemas['Capture'];
export type CaptureList = Schemas['CaptureList'];
export type CaptureRequest = Schemas['CaptureRequest'];

const WHILE_RECORDING_MS = 2_000;
const OTHERWISE_MS = 15_000;

export const capturesQuery = queryOptions({
  queryKey: ['captures'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/captures', { signal })),
  refetchInterval: (query) => {
    const recording = query.state.data?.captures.some((c) => c.state === 'asked' || c.state === 'recording');
    return recording ? WHILE_RECORDING_MS : OTHERWISE_MS;
  },
});

export function captureQuery(id: string) {
  return queryOptions({
    queryKey: ['capture', id],
    queryFn: ({ signal }) => body(client.GET('/api/v1/captures/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === 'asked' || state === 'recording' ? WHILE_RECORDING_MS : false;
    },
  });
}

export function startCapture(request: CaptureRequest): Promise<Capture> {
  return body(client.POST('/api/v1/captures', { body: request }));
}

export function stopCapture(id: string): Promise<Capture> {
  return body(client.POST('/api/v1/captures/{id}/stop', { params: { path: { id } } }));
}

export async function deleteCapture(id: string): Promise<void> {
  const answer = client.DELETE('/api/v1/captures/{id}', { params: { path: { id } } });
  // An answer without a body is none to `body`.
  await body(answer.then((got) => ({ ...got, data: got.response.ok ? true : undefined })));
}

/** Where the file is downloaded. */
export function captureFileUrl(id: string): string {
  return apiUrl(`captures/${encodeURIComponent(id)}/file`);
}
