/**
 * Where to go after signing in: an address of this page, and never of another site, whatever somebody wrote
 * into a link.
 */
export function nextOf(address: string | undefined): string | undefined {
  if (!address || !/^\/(?![/\\])[\x20-\x7e]*$/.test(address)) return undefined;
  return /^\/(login)?($|[?#])/.test(address) ? undefined : address;
}
