import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Spotlight, spotlightQuery } from '../../api/spotlight';
import { CommandLine } from '../../ui/command-line';
import { setLive, useLive } from '../../ui/live';
import { PageHead } from '../../ui/page-head';
import { useUrl } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { AgentTable } from './agent-table';
import { AttentionTable } from './attention-table';
import { IntegrationTable } from './integration-table';
import styles from './spotlight.module.css';
import { Tiles } from './tiles';
import { useSpotlightWords } from './words';

const LIVE_EVERY_MS = 10_000;
/** While nobody has connected: the page turns by itself when somebody does. */
const WAITING_EVERY_MS = 2_000;

/** The first page: is everything alive, what needs a look. */
export function SpotlightPage() {
  const words = useSpotlightWords();
  const live = useUrl().live !== 'off';
  const { held } = useLive();
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    ...spotlightQuery(false),
    refetchInterval: (query) => {
      if (!live || held) return false;
      return query.state.data?.tiles.agents_known === 0 ? WAITING_EVERY_MS : LIVE_EVERY_MS;
    },
  });
  useEffect(() => {
    setLive({ connection: live ? 'open' : 'none', intervalS: LIVE_EVERY_MS / 1000 });
    return () => setLive({ connection: 'none', intervalS: undefined, dataMs: undefined });
  }, [live]);
  const isLost = error !== null && data !== undefined;
  useEffect(() => {
    if (live) setLive({ connection: isLost ? 'lost' : 'open', dataMs: dataUpdatedAt || undefined });
  }, [live, isLost, dataUpdatedAt]);

  return (
    <>
      <PageHead title={words.title} />
      {data ? (
        <Body data={data} />
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={10} inset />
      )}
    </>
  );
}

function Body({ data }: { data: Spotlight }) {
  const words = useSpotlightWords();
  if (data.tiles.agents_known === 0) {
    return (
      <Empty title={words.empty.title}>
        <p>{words.empty.why}</p>
        <CommandLine line={`lanner agent --server http://${location.hostname}:7071 --key-file agent-key`} />
        <p role="status">{words.empty.waiting}</p>
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <Tiles tiles={data.tiles} />
      <AttentionTable data={data} />
      <div className={styles.two}>
        <AgentTable data={data} />
        <IntegrationTable data={data} />
      </div>
    </div>
  );
}
