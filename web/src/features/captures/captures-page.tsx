import { useQuery } from '@tanstack/react-query';
import { capturesQuery } from '../../api/captures';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { useKey } from '../../ui/keys';
import { PageHead } from '../../ui/page-head';
import { useSetUrl, useUrl } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { CaptureTable } from './capture-table';
import styles from './captures.module.css';
import { StartForm } from './start-form';
import { useCaptureWords } from './words';

/** All captures, and asking for one: `start=` names the row it is of, or is empty. */
export function CapturesPage() {
  const words = useCaptureWords();
  const format = useFormat();
  const list = useQuery(capturesQuery);
  const { start } = useUrl();
  const setUrl = useSetUrl();
  useKey('refresh', () => void list.refetch());
  const open = start !== undefined;
  const data = list.data;
  const begin = (primary: boolean) => (
    <button
      type="button"
      className={primary ? `${controls.control} ${controls.primary}` : controls.control}
      onClick={() => setUrl({ start: 'choose' })}
    >
      <Icon name="captures" size={14} />
      {words.start}
    </button>
  );
  return (
    <>
      <PageHead title={words.title} />
      {list.error && !data ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : !data ? (
        <Skeleton rows={8} inset />
      ) : (
        <div className={styles.page}>
          {(data.captures.length > 0 || open) && (
            <div className={styles.tools}>
              <span>
                {words.used(format.bytes(data.used_bytes), format.bytes(data.budget_bytes), data.kept_days)}
              </span>
              {!open && begin(true)}
            </div>
          )}
          {open && (
            <StartForm
              row={start === 'choose' ? undefined : start}
              onClose={() => setUrl({ start: undefined }, { replace: true })}
            />
          )}
          {data.captures.length > 0 ? (
            <CaptureTable captures={data.captures} />
          ) : (
            !open && (
              <Empty title={words.noneTitle} actions={begin(true)}>
                <p>{words.noneHint}</p>
              </Empty>
            )
          )}
        </div>
      )}
    </>
  );
}
