import createClient from 'openapi-fetch';
import type { components, paths } from './schema.gen';

type Schemas = components['schemas'];

/** Where the page is served from; the server writes it into `<base href>`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname;
}

export function apiUrl(path: string): string {
  return new URL(`api/v1/${path}`, document.baseURI).toString();
}

// `fetch` is looked up at each call, so that tests can put their own in its place.
export const client = createClient<paths>({
  baseUrl: new URL('.', document.baseURI).toString().replace(/\/$/, ''),
  fetch: (request) => globalThis.fetch(request),
});

/** An answer that was no success, in the words of the server where it had any. */
export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  /** Found again in the server's log. */
  readonly id: string | undefined;

  constructor(code: string, message: string, hint?: string | null, id?: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.hint = hint ?? undefined;
    this.id = id;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Nothing, or an `ApiError`: for what is answered without a body. */
export async function done(answer: Promise<Answer<unknown>>): Promise<void> {
  await body(answer.then((got) => ({ ...got, data: got.response.ok ? true : undefined })));
}

/** The body, or an `ApiError`: what a proxy in between says is kept apart from what the server says. */
export async function body<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('unreachable', 'unreachable');
  }
  if (got.data !== undefined) return got.data;
  const detail = (got.error as Partial<Schemas['ErrorBody']> | undefined)?.error;
  if (detail) throw new ApiError(detail.code, detail.message, detail.hint, detail.id);
  throw new ApiError('http', `HTTP ${got.response.status}`);
}
