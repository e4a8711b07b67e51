// The whole house: what two containers say to each other, what a burner sets off, what is left of a
// container that is gone. A case's name is a sentence.
import assert from 'node:assert/strict';
import { httpProgram, startContainer } from './containers.mjs';
import { eventually } from './eventually.mjs';
import { startMailServer, startWebService } from './standins.mjs';

/** What a client of tests/container/http.c counted by itself so far: `{ ms, answers, took_ns }` a second. */
const countsOf = (container) =>
  container
    .output()
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .filter((numbers) => numbers.length === 3 && numbers.every(Number.isFinite))
    .map(([ns, answers, took_ns]) => ({ ms: ns / 1e6, answers, took_ns }));

const SLOW_PAGE = [
  'mkdir -p /www/cgi-bin',
  'echo "#!/bin/sh" > /www/cgi-bin/slow',
  'echo "usleep 20000" >> /www/cgi-bin/slow',
  'echo \'printf "Content-Type: text/plain\\r\\n\\r\\nok"\' >> /www/cgi-bin/slow',
  'chmod +x /www/cgi-bin/slow',
].join(' && ');

const WATCHED_MS = 40_000;
/** What the map may differ from what a client counted. */
const TOLERANCE = 0.05;

function assertNear(what, told, counted) {
  const off = Math.abs(told - counted) / counted;
  console.log(`     ${what}: ${told.toPrecision(4)} on the map, ${counted.toPrecision(4)} counted (${(100 * off).toFixed(1)} % off)`);
  assert.ok(off <= TOLERANCE, `${what}: ${told} on the map, ${counted} counted by the client`);
}

export const house = {
  async the_map_agrees_with_what_clients_count({ lanner, tab }) {
    const program = httpProgram();
    const server = startContainer(['sh', '-c', `${SLOW_PAGE} && (http serve 8081 20000 &) && exec httpd -f -p 127.0.0.1:80 -h /www`], { program });
    const started = [server];
    const client = (...words) => {
      const one = startContainer(['http', 'ask', ...words], { program, network: server });
      started.push(one);
      return one;
    };
    try {
      const clients = [
        { port: 80, what: 'a connection for each request', container: client('80', '/cgi-bin/slow', '20', 'close') },
        { port: 80, what: 'a second client of the same server', container: client('80', '/cgi-bin/slow', '10', 'close') },
        { port: 8081, what: 'keep-alive', container: client('8081', '/', '20', 'keep') },
      ];
      // Requests whose clients end before the answer comes: they count, but as what they are.
      const deaths = 10;
      const dying = (async () => {
        for (let left = deaths; left > 0; left -= 1) {
          clients[2].container.exec('http', 'die', '8081');
          await new Promise((resolve) => setTimeout(resolve, WATCHED_MS / (deaths + 2)));
        }
      })();
      await eventually('clients that count', () => clients.every(({ container }) => countsOf(container).length * 1000 > WATCHED_MS + 6000), 3 * WATCHED_MS);
      await dying;
      for (const { port, what, container } of clients) {
        const counts = countsOf(container);
        const last = counts.at(-3);
        const first = counts.find(({ ms }) => ms >= last.ms - WATCHED_MS);
        const answers = last.answers - first.answers;
        const edge = await eventually(`the link of ${what}`, async () => {
          const map = await lanner.get(`/api/v1/topology?level=container&from=${Math.round(first.ms)}&to=${Math.round(last.ms)}`);
          const named = (id) => map.nodes.find((node) => node.container_id === id)?.id;
          const [from, to] = [named(container.id), named(server.id)];
          return map.edges.find((edge) => from && to && edge.from === from && edge.to === to && edge.port === port);
        });
        const { traffic } = edge;
        const of = (status) => traffic.statuses.find((one) => one.status === status)?.requests ?? 0;
        const unanswered = of('none');
        const perSecond = traffic.requests_per_second * (1 - unanswered / traffic.requests);
        assertNear(`${what}, requests/s`, perSecond, answers / ((last.ms - first.ms) / 1000));
        assertNear(`${what}, ms to the answer`, traffic.mean_ms, (last.took_ns - first.took_ns) / answers / 1e6);
        if (port === 8081) {
          assert.ok(unanswered >= deaths / 2 && unanswered <= deaths, `${unanswered} of ${deaths} requests without an answer`);
        } else {
          assert.equal(unanswered, 0, 'every request was answered');
        }
      }
      await tab.open('/topology?by=container&from=now-5m&theme=dark&lang=en');
      const main = tab.page.locator('main');
      await eventually('both ends on the page', async () => {
        const text = await main.innerText();
        return [server, ...clients.map(({ container }) => container)].every(({ id }) => text.includes(id.slice(0, 12)));
      });
      assert.match(await main.innerText(), /req\/s/, 'requests stand on the edges');
    } finally {
      for (const container of started.reverse()) await container.stop();
    }
  },

  async explore_hands_its_scope_to_a_dashboard({ tab, container }) {
    await tab.open(`/explore?scope=container_id:${container.id}&theme=dark&lang=en`);
    const row = tab.page.locator('[role=row][data-kind=container]').first();
    await row.waitFor();
    await row.click();
    await tab.page.locator('aside').getByRole('link', { name: /dashboard/i }).click();
    await tab.page.waitForURL(/\/dashboards\/container\?/);
    assert.ok(new URL(tab.page.url()).searchParams.get('scope').includes(`container_id:${container.id}`), tab.page.url());
    await eventually('charts of this container', async () => (await tab.page.locator('main canvas').count()) >= 3);
    await eventually('its scope in the head', async () => (await tab.page.locator('body').innerText()).includes(container.id.slice(0, 12)));
  },

  async a_cpu_burner_is_told_to_everyone_and_so_is_its_end({ lanner, tab, container }) {
    const [mail, slack, pagerduty] = await Promise.all([startMailServer(), startWebService(), startWebService(202, '{"status":"success"}')]);
    const made = [];
    const make = async (route, body) => {
      const answer = await lanner.send('POST', route, body);
      made.push(`${route}/${answer.id}`);
      return answer;
    };
    try {
      const channel = (name, target) => make('/api/v1/channels', { spec: { name, enabled: true, min_severity: 'info', language: 'en', target }, version: null });
      const channels = await Promise.all([
        channel('mail', { type: 'email', host: '127.0.0.1', port: mail.port, security: 'none', username: null, password: null, from: 'lanner@example.org', to: ['oncall@example.org'] }),
        channel('slack', { type: 'slack', url: `${slack.url}/services/T0/B0/secret` }),
        channel('pagerduty', { type: 'pagerduty', routing_key: 'R0123456789012345678901234567890', url: `${pagerduty.url}/v2/enqueue` }),
      ]);
      const expr = `sum by (node, name) (rate(container_cpu_usage_seconds_total{name="${container.id}"}[10s])) * 100`;
      const rule = await make('/api/v1/alerts/rules', {
        spec: {
          name: 'Burner in a container',
          description: 'A container uses most of a CPU.',
          enabled: true,
          severity: 'high',
          condition: { type: 'metric', expr, comparison: 'above', threshold: 20, warning: null, unit: 'percent' },
          for_ms: 5000,
          keep_firing_ms: 0,
          repeat_ms: null,
          channels: channels.map(({ id }) => id),
        },
        version: null,
      });
      const burner = container.exec('timeout', '25', 'sh', '-c', 'while :; do :; done');
      const begun = Date.now();
      // Other rules tell everyone, too: a dedup_key begins with its rule.
      const incidents = (event) =>
        pagerduty.got.filter(({ body }) => body.event_action === event && body.dedup_key.startsWith(`${rule.id}.`));
      const everyone = (word, event) =>
        mail.mails().some((text) => text.includes('Burner in a container') && text.toLowerCase().includes(word)) &&
        slack.got.some(({ body }) => JSON.stringify(body).includes('Burner in a container') && JSON.stringify(body).toLowerCase().includes(word)) &&
        incidents(event).some(({ body }) => body.routing_key.startsWith('R0'));
      await eventually('everyone hears that it burns', () => everyone('firing', 'trigger'), 90_000);
      console.log(`     a burner was told after ${((Date.now() - begun) / 1000).toFixed(1)} s (for: 5 s)`);
      await tab.open('/alerts?theme=light&lang=en');
      await eventually('the alert on its page', async () => (await tab.page.locator('main').innerText()).includes('Burner in a container'));
      burner.kill();
      await eventually('everyone hears that it is over', () => everyone('resolved', 'resolve'), 90_000);
      const keys = [...incidents('trigger'), ...incidents('resolve')].map(({ body }) => body.dedup_key);
      assert.equal(new Set(keys).size, 1, 'begin and end are one incident');
      const told = JSON.stringify(await lanner.get('/api/v1/channels'));
      assert.ok(!told.includes('/services/T0/B0/secret') && !told.includes('R0123456789'), 'secrets are not told again');
    } finally {
      for (const route of made.reverse()) await lanner.send('DELETE', route);
      await Promise.all([mail.stop(), slack.stop(), pagerduty.stop()]);
    }
  },

  async a_capture_of_a_read_outlives_its_container({ lanner, tab }) {
    const victim = startContainer(['sleep', '1000']);
    let event;
    try {
      await eventually('the container is known', async () => {
        const table = await lanner.get('/api/v1/explore');
        return table.rows.some((row) => row.container_id === victim.id);
      });
      victim.exec('cat', '/etc/shadow');
      event = await eventually('an event with a capture', async () => {
        const { events } = await lanner.get(`/api/v1/events?from=now-5m&container=${victim.id}`);
        return events.find((one) => one.capture_id);
      });
      await eventually('the capture is whole', async () => {
        const { captures } = await lanner.get('/api/v1/captures?from=now-10m');
        return captures.find(({ id, state }) => id === event.capture_id && state === 'done');
      });
    } finally {
      await victim.stop();
    }
    await tab.open(`/security/events/${encodeURIComponent(event.id)}?theme=dark&lang=en`);
    await tab.page.locator('main').getByRole('link', { name: /capture|inspect/i }).first().click();
    await tab.page.waitForURL(/\/captures\/.*\/inspect/);
    await eventually('the read in Inspect', async () => {
      const { events } = await lanner.get(`/api/v1/captures/${event.capture_id}/events?filter=${encodeURIComponent('evt.type in (read, sendfile) and fd.name = /etc/shadow')}`);
      return events.length > 0;
    });
    await eventually('the file on the page', async () => (await tab.page.locator('main').innerText()).includes('/etc/shadow'));
  },
};
