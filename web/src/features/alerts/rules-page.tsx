export function AlertRulesPage() {
  return null;
}
