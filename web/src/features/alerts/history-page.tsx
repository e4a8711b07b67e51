export function AlertHistoryPage() {
  return null;
}
