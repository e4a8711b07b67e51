/** A channel as it is typed. */
import type { Channel, ChannelSpec, ChannelTarget } from '../../api/alerts';
import type { Severity } from '../../domain/row';

export type ChannelKind = ChannelTarget['type'];
export const CHANNEL_KINDS: readonly ChannelKind[] = ['email', 'slack', 'pagerduty', 'webhook'];

export interface ChannelDraft {
  name: string;
  enabled: boolean;
  language: ChannelSpec['language'];
  minSeverity: Severity;
  kind: ChannelKind;
  host: string;
  port: string;
  security: 'starttls' | 'tls' | 'none';
  username: string;
  from: string;
  to: string;
  /** Of PagerDuty or a webhook. */
  url: string;
  /** Password, webhook's address, routing key or signing secret: one of each channel. */
  secret: string;
}

export function newChannel(language: 'en' | 'ja'): ChannelDraft {
  return {
    name: '',
    enabled: true,
    language,
    minSeverity: 'medium',
    kind: 'email',
    host: '',
    port: '587',
    security: 'starttls',
    username: '',
    from: '',
    to: '',
    url: '',
    secret: '',
  };
}

export function channelDraftOf({ spec }: Pick<Channel, 'spec'>): ChannelDraft {
  const { target } = spec;
  return {
    ...newChannel(spec.language),
    name: spec.name,
    enabled: spec.enabled,
    minSeverity: spec.min_severity,
    kind: target.type,
    ...(target.type === 'email' && {
      host: target.host,
      port: String(target.port),
      security: target.security,
      username: target.username ?? '',
      from: target.from,
      to: target.to.join('\n'),
    }),
    ...((target.type === 'webhook' || target.type === 'pagerduty') && { url: target.url ?? '' }),
  };
}

/** What is sent; a secret that was not typed stays as it is stored. */
export function channelSpecOf(draft: ChannelDraft): ChannelSpec {
  const secret = draft.secret === '' ? null : draft.secret;
  const targets: Record<ChannelKind, () => ChannelTarget> = {
    email: () => ({
      type: 'email',
      host: draft.host.trim(),
      port: Math.min(65_535, Math.max(0, Math.trunc(Number(draft.port)) || 0)),
      security: draft.security,
      username: draft.username.trim() || null,
      password: secret,
      from: draft.from.trim(),
      to: draft.to.split('\n').flatMap((line) => line.trim() || []),
    }),
    slack: () => ({ type: 'slack', url: secret?.trim() ?? null }),
    pagerduty: () => ({
      type: 'pagerduty',
      routing_key: secret?.trim() ?? null,
      url: draft.url.trim() || null,
    }),
    webhook: () => ({ type: 'webhook', url: draft.url.trim(), secret }),
  };
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    language: draft.language,
    min_severity: draft.minSeverity,
    target: targets[draft.kind](),
  };
}
