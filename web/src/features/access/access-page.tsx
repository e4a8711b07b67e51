import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '../../api/access';
import { CommandLine } from '../../ui/command-line';
import { useWords } from '../../ui/i18n/words';
import { PageHead } from '../../ui/page-head';
import { Section } from '../../ui/section';
import { SettingsNav } from '../../ui/settings-nav';
import { Failed, Skeleton } from '../../ui/states';
import styles from './access.module.css';
import { AuditTable } from './audit-table';
import { PasswordForm } from './password-form';
import { Tokens } from './tokens';
import { Users } from './users';
import { useAccessWords } from './words';

/** Who may do what: one's own password, and for admins users, tokens and what was done. */
export function AccessPage() {
  const words = useWords();
  const own = useAccessWords();
  const { data: me, error, refetch } = useQuery(meQuery);
  return (
    <>
      <PageHead crumbs={[words.app.settings]} title={own.access.title}>
        <SettingsNav />
      </PageHead>
      {me ? (
        <div className={styles.page}>
          {me.role === 'admin' ? (
            <>
              <Users me={me} />
              <Tokens />
            </>
          ) : (
            <p className={styles.muted}>{own.access.adminOnly}</p>
          )}
          <div className={styles.two}>
            {me.by === 'session' && <OwnPassword user={me.name} />}
            <AgentKey />
          </div>
          {me.role === 'admin' && <AuditTable />}
        </div>
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} inset />
      )}
    </>
  );
}

function OwnPassword({ user }: { user: string }) {
  const words = useAccessWords();
  const queries = useQueryClient();
  const [isSet, setIsSet] = useState(false);
  return (
    <Section level={2} title={words.password.title}>
      <PasswordForm
        user={user}
        currentLabel={words.password.current}
        onSet={() => {
          setIsSet(true);
          void queries.invalidateQueries();
        }}
      />
      <p role="status" className={styles.muted}>
        {isSet && words.password.done}
      </p>
    </Section>
  );
}

function AgentKey() {
  const words = useAccessWords();
  return (
    <Section level={2} title={words.agents.title}>
      <p className={styles.muted}>{words.agents.why}</p>
      <CommandLine
        line={`lanner agent --server http://${location.hostname}:7071 --key-file /etc/lanner/agent-key`}
      />
      <p className={styles.muted}>{words.agents.change}</p>
    </Section>
  );
}
