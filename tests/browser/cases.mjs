// What a person sees. A case's name is a sentence.
import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import path from 'node:path';
import { eventually } from './eventually.mjs';
import { house } from './house.mjs';
import { root } from './machine.mjs';

/** The text of all rows that are drawn. */
const rows = (page) => page.locator('[role=row]').allInnerTexts();

/** Reads /etc/shadow on the host; its process id. */
function catShadow() {
  return spawn('cat', ['/etc/shadow'], { stdio: 'ignore' }).pid;
}

async function agentIsThere(lanner) {
  await eventually('an agent with rules', async () => {
    const status = await lanner.get('/api/v1/status');
    return status.rules_loaded >= 10 && status.agents[0]?.state === 'connected';
  });
}

export const cases = {
  ...house,

  async explore_shows_a_process_that_was_just_started({ tab }) {
    await tab.open('/explore?view=flat&theme=dark&lang=en');
    await eventually('a table', async () => (await rows(tab.page)).length > 5);
    // A name of its own, so that the filter finds it alone.
    const child = spawn('bash', ['-c', 'exec -a lanner-seen sleep 987'], { stdio: 'ignore' });
    try {
      await tab.page.getByRole('searchbox').first().fill('lanner-seen');
      const begun = Date.now();
      await eventually('its row', async () => (await rows(tab.page)).some((text) => text.includes(String(child.pid))));
      console.log(`     a new process was on the page after ${Date.now() - begun} ms`);
    } finally {
      child.kill();
    }
  },

  async explore_shows_a_container_with_its_processes({ tab, container }) {
    await tab.open('/explore?theme=dark&lang=en');
    await eventually('the container', async () => (await rows(tab.page)).some((text) => text.includes(container.id.slice(0, 12))));
    await tab.page.getByRole('searchbox').first().fill('sleep 100000');
    await eventually('its process below it', async () => {
      const texts = await rows(tab.page);
      const at = texts.findIndex((text) => text.includes(container.id.slice(0, 12)));
      return at >= 0 && texts.slice(at + 1).some((text) => text.includes('sleep'));
    });
  },

  async cat_of_etc_shadow_comes_up_while_one_looks({ tab, lanner, container }) {
    await agentIsThere(lanner);
    await tab.open('/security/events?theme=light&lang=en');
    await tab.page.getByRole('heading').first().waitFor();
    let begun = Date.now();
    const pid = catShadow();
    await eventually('the event of the host', async () => (await tab.page.locator('main').innerText()).includes(String(pid)));
    console.log(`     cat /etc/shadow on the host was on the page after ${Date.now() - begun} ms`);
    begun = Date.now();
    container.exec('cat', '/etc/shadow');
    await eventually('the event of the container', async () =>
      (await tab.page.locator('main').innerText()).includes(container.id.slice(0, 12)),
    );
    console.log(`     cat /etc/shadow in a container was on the page after ${Date.now() - begun} ms`);
  },

  async an_event_tells_its_whole_story({ tab, lanner }) {
    await agentIsThere(lanner);
    const pid = catShadow();
    const event = await eventually('the event', async () => {
      const page = await lanner.get('/api/v1/events?from=now-10m');
      return page.events.find((event) => event.pid === pid);
    });
    await tab.open(`/security/events/${encodeURIComponent(event.id)}?theme=light&lang=en`);
    const main = tab.page.locator('main');
    await main.getByText('Process tree').first().waitFor();
    const text = await main.innerText();
    for (const wanted of [event.rule, 'cat /etc/shadow', String(pid), String(process.pid), 'fd.name', '/etc/shadow']) {
      assert.ok(text.includes(wanted), `"${wanted}" is missing`);
    }
  },

  async everything_is_found_by_keyboard({ tab }) {
    await tab.open('/explore?theme=dark&lang=en');
    await eventually('a table', async () => (await rows(tab.page)).length > 3);
    await tab.page.keyboard.press('g');
    await tab.page.keyboard.press('v');
    await tab.page.waitForURL(/security\/events/);
    await tab.page.keyboard.press('g');
    await tab.page.keyboard.press('e');
    await tab.page.waitForURL(/explore/);
    await tab.page.keyboard.press('?');
    await tab.page.locator('dialog[open]').waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.locator('dialog[open]').waitFor({ state: 'detached' });
    await eventually('a table again', async () => (await rows(tab.page)).length > 3);
    await tab.page.keyboard.press('/');
    await eventually('the filter has the focus', () => tab.page.evaluate(() => document.activeElement?.tagName === 'INPUT'));
  },

  async a_row_opens_a_drawer_with_charts({ tab, lanner, container, images }) {
    await agentIsThere(lanner);
    const { agents } = await lanner.get('/api/v1/status');
    const scope = encodeURIComponent(`container:${agents[0].node}:${container.id}`);
    await tab.open(`/explore?scope=${scope}&from=now-5m&theme=dark&lang=en`);
    const first = tab.page.locator('[role=row]').nth(1);
    await first.waitFor();
    await first.click();
    await tab.page.locator('aside').waitFor();
    await eventually('charts', async () => (await tab.page.locator('aside canvas').count()) >= 4);
    assert.match(tab.page.url(), /sel=/, 'the drawer is in the URL');
    await tab.page.mouse.move(600, 700); // off the rows: a pointer on one holds the updates
    await withoutThisMachine(tab.page);
    await tab.page.screenshot({ path: path.join(images, 'explore-drawer-dark-en.png') });
    await tab.page.keyboard.press('Escape');
    await tab.page.locator('aside').waitFor({ state: 'detached' });
  },

  async who_is_not_signed_in_sees_the_door_and_comes_back_to_where_one_was_going({ browser, lanner }) {
    const tab = await browser.tab({ signedIn: false });
    try {
      await tab.open('/explore?q=sleep&theme=light&lang=en');
      await tab.page.waitForURL(/\/login/);
      await tab.page.getByLabel(/user|name/i).first().fill('admin');
      await tab.page.locator('input[type=password]').first().fill(lanner.password);
      await tab.page.keyboard.press('Enter');
      await tab.page.waitForURL(/\/explore\?.*q=sleep/);
      tab.assertQuiet();
    } finally {
      await tab.close();
    }
  },

  async every_page_is_accessible_and_pictured_in_both_themes_and_languages({ browser, lanner, container, images }) {
    await agentIsThere(lanner);
    container.exec('sh', '-c', 'cat /etc/shadow; true');
    const event = await eventually('the event', async () => {
      const page = await lanner.get(`/api/v1/events?from=now-10m&container=${container.id}`);
      return page.events[0];
    });
    const { captures } = await lanner.get('/api/v1/captures?state=done');
    const inspect = captures.length > 0 ? { inspect: `/captures/${captures[0].id}/inspect` } : {};
    const { rules } = await lanner.get('/api/v1/alerts/rules');
    const scope = `scope=container_id:${container.id}`;
    const pages = {
      spotlight: '/spotlight',
      explore: `/explore?${scope}`,
      topology: '/topology?from=now-15m',
      'topology-list': '/topology?by=container&from=now-15m&view=list',
      dashboards: '/dashboards',
      'dashboard-host': '/dashboards/host?from=now-15m',
      'dashboard-container': `/dashboards/container?from=now-15m&${scope}`,
      'dashboard-network': '/dashboards/network?from=now-15m',
      alerts: '/alerts',
      'alert-rules': '/alerts/rules',
      'alert-rule': `/alerts/rules/${encodeURIComponent(rules[0].id)}`,
      'alert-history': '/alerts/history',
      silences: '/alerts/silences',
      events: '/security/events',
      event: `/security/events/${encodeURIComponent(event.id)}`,
      captures: '/captures',
      ...inspect,
      channels: '/settings/channels',
      access: '/settings/access',
      about: '/settings/about',
      login: '/login',
    };
    const wrong = [];
    for (const [name, route] of Object.entries(pages)) {
      for (const theme of ['dark', 'light']) {
        for (const language of ['en', 'ja']) {
          const tab = await browser.tab({ checked: true, signedIn: name !== 'login' });
          const separator = route.includes('?') ? '&' : '?';
          await tab.open(`${route}${separator}theme=${theme}&lang=${language}`);
          await tab.page.locator('main').first().waitFor();
          await tab.page.waitForTimeout(1500);
          await withoutThisMachine(tab.page);
          await tab.page.screenshot({ path: path.join(images, `${name}-${theme}-${language}.png`) });
          wrong.push(...(await tab.violations()).map((violation) => `${name} ${theme} ${language}: ${violation}`));
          tab.assertQuiet();
          await tab.close();
        }
      }
    }
    assert.deepEqual(wrong, []);
  },
};

/** Pictures go into the documentation: paths and programs of the machine that took them do not. */
async function withoutThisMachine(page) {
  await page.evaluate((root) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      text.data = text.data
        .replaceAll(`${root}/`, '')
        .replace(/^\/?process_api.*$/, '(a program of the test machine)')
        .replace(/^memfd:sealed.*$/, '(a program of the test machine)');
    }
  }, root);
}
