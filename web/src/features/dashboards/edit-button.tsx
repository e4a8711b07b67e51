import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { createDashboard, type Dashboard } from '../../api/dashboards';
import controls from '../../ui/controls.module.css';
import { Icon } from '../../ui/icons';
import { usePreferences } from '../../ui/preferences';
import { keepCommon } from '../../ui/search';
import { contentIn } from './shipped-ja';
import { useMayWrite } from './use-may-write';
import { useDashboardWords } from './words';

/** Opens the editor; of a shipped dashboard, that of a copy. */
export function EditButton({ dashboard }: { dashboard: Dashboard }) {
  const words = useDashboardWords();
  const { language } = usePreferences();
  const mayWrite = useMayWrite();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const copy = useMutation({
    mutationFn: () => {
      // In the reader's language, as it is seen.
      const content = contentIn(language, dashboard);
      return createDashboard({ ...content, title: words.copyOf(content.title).slice(0, 120) });
    },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['dashboards'] });
      void navigate({ to: '/dashboards/$id/edit', params: { id: made.id }, search: keepCommon() });
    },
  });
  if (!dashboard.built_in && mayWrite) {
    return (
      <Link
        to="/dashboards/$id/edit"
        params={{ id: dashboard.id }}
        search={keepCommon()}
        className={controls.control}
      >
        {words.edit}
      </Link>
    );
  }
  return (
    <button
      type="button"
      className={controls.control}
      disabled={copy.isPending || !mayWrite}
      title={mayWrite ? (copy.error?.message ?? words.readOnly) : words.needsEditor}
      onClick={() => copy.mutate()}
    >
      <Icon name="copy" size={14} />
      {words.duplicateToEdit}
      {copy.error && <span role="alert">{copy.error.message}</span>}
    </button>
  );
}
