export function CapturesPage() {
  return null;
}
