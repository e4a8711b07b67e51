import { useInfiniteQuery } from '@tanstack/react-query';
import { alertHistoryQuery } from '../../api/alerts';
import controls from '../../ui/controls.module.css';
import { PageHead } from '../../ui/page-head';
import { useUrl } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import styles from './alerts.module.css';
import { ChangeTable } from './change-table';
import { Tabs } from './tabs';
import { useAlertWords } from './words';

/** What fired and ended, newest first. */
export function AlertHistoryPage() {
  const words = useAlertWords();
  const { rule } = useUrl();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    alertHistoryQuery({ rule }),
  );
  const changes = data?.pages.flatMap((page) => page.changes);
  return (
    <div className={styles.page}>
      <PageHead crumbs={[words.tabs.label]} title={words.tabs.history} />
      <div className={styles.bar}>
        <Tabs />
      </div>
      <div className={styles.scroll}>
        {changes ? (
          changes.length === 0 ? (
            <Empty title={words.noHistory}>
              <p>{words.noHistoryHint}</p>
            </Empty>
          ) : (
            <ChangeTable changes={changes} />
          )
        ) : error ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={8} inset />
        )}
        {hasNextPage && (
          <div className={styles.inset}>
            <button
              type="button"
              className={controls.control}
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {words.more}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
