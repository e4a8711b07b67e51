export function SpotlightPage() {
  return null;
}
