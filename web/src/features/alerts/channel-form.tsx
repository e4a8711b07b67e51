import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { alertsChanged, type Channel, saveChannel } from '../../api/alerts';
import { SEVERITIES } from '../../domain/severity';
import controls from '../../ui/controls.module.css';
import { useWords } from '../../ui/i18n/words';
import { usePreferences } from '../../ui/preferences';
import { Segments } from '../../ui/segments';
import styles from './alerts.module.css';
import { CHANNEL_KINDS, type ChannelDraft, channelDraftOf, channelSpecOf, newChannel } from './channel-draft';
import { Choice, Lines, Text } from './field';
import { useAlertWords } from './words';

interface ChannelFormProps {
  /** `undefined` for a new one. */
  channel: Channel | undefined;
  onDone: () => void;
}

const LANGUAGES = { en: 'English', ja: '日本語' };
const USUAL_PORTS = { starttls: '587', tls: '465', none: '25' };

/** Where to, in which language, from which severity. */
export function ChannelForm({ channel, onDone }: ChannelFormProps) {
  const words = useAlertWords();
  const common = useWords();
  const queries = useQueryClient();
  const { language } = usePreferences();
  const [draft, setDraft] = useState<ChannelDraft>(() =>
    channel ? channelDraftOf(channel) : newChannel(language),
  );
  const change = (patch: Partial<ChannelDraft>) => setDraft({ ...draft, ...patch });
  const save = useMutation({
    mutationFn: () => saveChannel(channelSpecOf(draft), channel?.id, channel?.version),
    onSuccess: () => {
      alertsChanged(queries);
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {!channel && (
        <div>
          <Segments
            label={words.columns.kind}
            value={draft.kind}
            options={CHANNEL_KINDS.map((kind) => ({ value: kind, label: words.channel.kinds[kind] }))}
            onChange={(kind) => change({ kind, secret: '', url: '' })}
          />
        </div>
      )}
      <div className={styles.cells}>
        <Text label={words.channel.name} value={draft.name} onChange={(name) => change({ name })} />
        <Choice
          label={words.channel.minSeverity}
          value={draft.minSeverity}
          options={SEVERITIES}
          words={common.severity}
          onChange={(minSeverity) => change({ minSeverity })}
        />
        <Choice
          label={words.channel.language}
          value={draft.language}
          options={['en', 'ja']}
          words={LANGUAGES}
          onChange={(next) => change({ language: next })}
        />
      </div>
      <Target draft={draft} stored={channel !== undefined && channel.secrets.length > 0} onChange={change} />
      <label className={controls.check}>
        <input
          type="checkbox"
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
        {words.channel.on}
      </label>
      {save.error && (
        <p className={styles.wrong} role="alert">
          {save.error.message}
        </p>
      )}
      <div className={styles.row}>
        <button type="submit" className={`${controls.control} ${controls.primary}`} disabled={save.isPending}>
          {words.channel.save}
        </button>
        <button type="button" className={controls.control} onClick={onDone}>
          {words.channel.cancel}
        </button>
      </div>
    </form>
  );
}

interface TargetProps {
  draft: ChannelDraft;
  /** A secret is stored. */
  stored: boolean;
  onChange: (patch: Partial<ChannelDraft>) => void;
}

function Target({ draft, stored, onChange }: TargetProps) {
  const { channel: words } = useAlertWords();
  const secret = (label: string) => (
    <Text
      label={label}
      type="password"
      placeholder={stored ? words.keep : undefined}
      value={draft.secret}
      onChange={(next) => onChange({ secret: next })}
    />
  );
  if (draft.kind === 'slack') return secret(words.slackUrl);
  if (draft.kind === 'pagerduty') {
    return (
      <div className={styles.cells}>
        {secret(words.routingKey)}
        <Text label={words.pagerdutyUrl} value={draft.url} onChange={(url) => onChange({ url })} />
      </div>
    );
  }
  if (draft.kind === 'webhook') {
    return (
      <div className={styles.cells}>
        <Text label={words.url} value={draft.url} onChange={(url) => onChange({ url })} />
        {secret(words.secret)}
      </div>
    );
  }
  return (
    <>
      <div className={styles.cells}>
        <Text label={words.host} value={draft.host} onChange={(host) => onChange({ host })} />
        <Choice
          label={words.security}
          value={draft.security}
          options={['starttls', 'tls', 'none']}
          words={words.securities}
          onChange={(security) => onChange({ security, port: USUAL_PORTS[security] })}
        />
        <Text label={words.port} type="number" value={draft.port} onChange={(port) => onChange({ port })} />
      </div>
      {draft.security === 'none' && <p className={styles.muted}>{words.plainNote}</p>}
      <div className={styles.cells}>
        <Text label={words.username} value={draft.username} onChange={(username) => onChange({ username })} />
        {secret(words.password)}
        <Text label={words.from} value={draft.from} onChange={(from) => onChange({ from })} />
      </div>
      <Lines label={words.to} rows={3} value={draft.to} onChange={(to) => onChange({ to })} />
    </>
  );
}
