export function DashboardEditor() {
  return null;
}
