/** Who signs in: people, programs, what they did. */
import { queryOptions } from '@tanstack/react-query';
import { body, client, done } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type Me = Schemas['Me'];
export type Role = Schemas['Role'];
export type User = Schemas['User'];
export type Token = Schemas['Token'];
export type NewToken = Schemas['NewToken'];
export type MadeToken = Schemas['MadeToken'];
export type OneTimePassword = Schemas['OneTimePassword'];
export type AuditEntry = Schemas['AuditEntry'];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/me', { signal })),
  staleTime: 60_000,
  retry: false,
});

/** Who is signed in, or nobody: asked before anything that would be refused. */
export const greetingQuery = queryOptions({
  queryKey: ['greeting'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/login', { signal })),
  staleTime: 60_000,
  retry: false,
});

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/users', { signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/tokens', { signal })),
});

export const auditQuery = queryOptions({
  queryKey: ['audit'],
  queryFn: ({ signal }) => body(client.GET('/api/v1/audit', { signal })),
});

export function signIn(user: string, password: string): Promise<Me> {
  return body(client.POST('/api/v1/login', { body: { user, password } }));
}

export function signOut(): Promise<void> {
  return done(client.POST('/api/v1/logout'));
}

export function setOwnPassword(current: string, next: string): Promise<Me> {
  return body(client.POST('/api/v1/me/password', { body: { current, new: next } }));
}

export function makeUser(name: string, role: Role): Promise<OneTimePassword> {
  return body(client.POST('/api/v1/users', { body: { name, role } }));
}

export function changeRole(name: string, role: Role): Promise<User> {
  return body(client.PUT('/api/v1/users/{name}', { params: { path: { name } }, body: { role } }));
}

export function deleteUser(name: string): Promise<void> {
  return done(client.DELETE('/api/v1/users/{name}', { params: { path: { name } } }));
}

export function resetPassword(name: string): Promise<OneTimePassword> {
  return body(client.POST('/api/v1/users/{name}/password', { params: { path: { name } } }));
}

export function makeToken(token: NewToken): Promise<MadeToken> {
  return body(client.POST('/api/v1/tokens', { body: token }));
}

export function revokeToken(id: string): Promise<void> {
  return done(client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }));
}
