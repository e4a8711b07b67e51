import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/access';

/** Whether who looks may make and change dashboards; until that is known, the server decides. */
export function useMayWrite(): boolean {
  const { data } = useQuery(meQuery);
  return data === undefined || data.role === 'editor' || data.role === 'admin';
}
