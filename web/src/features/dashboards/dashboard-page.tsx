import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Dashboard, dashboardQuery } from '../../api/dashboards';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { PageHead } from '../../ui/page-head';
import { usePreferences } from '../../ui/preferences';
import { keepCommon } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import styles from './dashboards.module.css';
import { EditButton } from './edit-button';
import { PanelView } from './panel';
import { ScopeBar } from './scope-bar';
import { contentIn } from './shipped-ja';
import { usePlace } from './use-place';
import { useDashboardWords } from './words';

export function DashboardPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const words = useDashboardWords();
  const dashboard = useQuery(dashboardQuery(id));
  const crumb = (
    <Link key="list" to="/dashboards" search={keepCommon()}>
      {words.title}
    </Link>
  );
  if (!dashboard.data) {
    return (
      <>
        <PageHead crumbs={[crumb]} title={words.title} />
        {dashboard.error ? (
          <Failed error={dashboard.error} onRetry={() => void dashboard.refetch()} />
        ) : (
          <Skeleton rows={12} inset />
        )}
      </>
    );
  }
  return <Shown key={id} dashboard={dashboard.data} crumb={crumb} />;
}

function Shown({ dashboard, crumb }: { dashboard: Dashboard; crumb: React.ReactNode }) {
  const words = useDashboardWords();
  const format = useFormat();
  const { language } = usePreferences();
  const { title, description, panels, selectors } = useMemo(
    () => contentIn(language, dashboard),
    [language, dashboard],
  );
  const place = usePlace(selectors);
  return (
    <>
      <PageHead crumbs={[crumb]} title={title}>
        <ScopeBar selectors={selectors} scope={place.scope} moment={place.moment} onChange={place.onScope} />
      </PageHead>
      <div className={styles.page}>
        <div className={styles.tools}>
          <p title={description}>{description}</p>
          <span>{words.steps(format.span(place.moment.grid.stepMs))}</span>
          <Link to="/explore" search={keepCommon()} className={controls.control}>
            <Icon name="explore" size={14} />
            {words.explore}
          </Link>
          <EditButton dashboard={dashboard} />
        </div>
        {panels.length === 0 ? (
          <Empty title={words.emptyTitle} />
        ) : (
          <div className={styles.grid}>
            {panels.map((panel, i) => (
              <PanelView key={i} panel={panel} place={place} />
            ))}
          </div>
        )}
      </div>
    </>
  );
}
