import type { Alert } from '../../api/alerts';
import { Status } from '../../ui/status';
import { useAlertWords } from './words';

export function AlertState({ state }: { state: Alert['state'] }) {
  const words = useAlertWords();
  if (state === 'firing') return <Status mark="crit" word={words.firing} />;
  if (state === 'pending') return <Status mark="warn" word={words.pending} />;
  return <Status mark="ok" word={words.resolved} />;
}
