import { expect, test } from 'vitest';
import type { ChannelSpec } from '../../api/alerts';
import { channelDraftOf, channelSpecOf } from './channel-draft';

const targets: ChannelSpec['target'][] = [
  {
    type: 'email',
    host: 'mail.example',
    port: 465,
    security: 'tls',
    username: 'me',
    password: null,
    from: 'a@example.com',
    to: ['b@example.com', 'c@example.com'],
  },
  { type: 'slack', url: null },
  { type: 'pagerduty', routing_key: null, url: null },
  { type: 'webhook', url: 'https://hook.example/x', secret: null },
];

test.each(targets)('a $type channel is the same after it was in the form', (target) => {
  const spec: ChannelSpec = { name: 'On call', enabled: true, language: 'ja', min_severity: 'high', target };
  expect(channelSpecOf(channelDraftOf({ spec }))).toEqual(spec);
});

test('what is typed into the secret goes where the channel has it', () => {
  const draft = channelDraftOf({
    spec: { name: 'x', enabled: true, language: 'en', min_severity: 'low', target: targets[1]! },
  });
  expect(channelSpecOf({ ...draft, secret: ' https://hooks ' }).target).toEqual({
    type: 'slack',
    url: 'https://hooks',
  });
});
