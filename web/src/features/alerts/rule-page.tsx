export function AlertRulePage() {
  return null;
}
