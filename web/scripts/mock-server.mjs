// The built page with invented data behind it, for work on the page without an agent.
//   node scripts/mock-server.mjs [port]     then GET /mock?scenario=NAME to change what it answers:
//   normal, no-agent, quiet, large, slow, broken (every question fails), lost (streams end)
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { createServer as createViteServer } from 'vite';

const ROOT = new URL('..', import.meta.url).pathname;
const DIST = join(ROOT, 'dist');
const PORT = Number(process.argv[2] ?? 7071);
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
// As the server sends it.
const CSP = "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";
const TABLE_EVERY_MS = 2000;
const FINDING_EVERY_MS = 15_000;
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const vite = await createViteServer({
  root: ROOT,
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  appType: 'custom',
  logLevel: 'error',
});
const make = await vite.ssrLoadModule('/src/testing/fixtures.ts');

let scenario = 'normal';
let arrived = [];
let tick = 0;
const streams = new Set();

function bound(text, now, fallback) {
  const word = text || fallback;
  if (word === 'now') return now;
  const match = /^now-(\d+)([smhdw])$/.exec(word);
  return match ? now - Number(match[1]) * UNIT_MS[match[2]] : Number(word);
}

function table() {
  const now = Date.now();
  if (scenario === 'no-agent') return { updated_ms: null, interval_s: 2, rows: [], total: 0 };
  return scenario === 'large' ? make.largeTable(now, 9_999) : make.exploreTable(now, tick);
}

function answer(path, query) {
  const now = Date.now();
  const events =
    scenario === 'quiet' || scenario === 'no-agent' ? [] : [...arrived, ...make.securityEvents(now)];
  const ranged = (fallback) => ({
    fromMs: bound(query.get('from'), now, fallback),
    toMs: bound(query.get('to'), now, 'now'),
  });
  if (path === 'status' || path === 'agents') {
    const status = make.status(now);
    if (scenario === 'no-agent')
      Object.assign(status, { agents: [], rules_loaded: 0, last_finding_ms: null });
    if (scenario === 'quiet') Object.assign(status, { last_finding_ms: null });
    return path === 'status' ? status : status.agents;
  }
  if (path === 'explore') return table();
  if (path === 'rules') return make.ruleList();
  if (path === 'history') {
    const { fromMs, toMs } = ranged('now-1h');
    return make.history(query.get('row') ?? '', fromMs, toMs);
  }
  if (path === 'events') {
    return make.eventPage(events, {
      ...ranged('now-24h'),
      severities: (query.get('severity') ?? '').split(',').filter(Boolean),
      rule: query.get('rule'),
      container: query.get('container'),
      q: query.get('q'),
      limit: Number(query.get('limit') ?? 100),
      cursor: query.get('cursor') ?? undefined,
    });
  }
  const event = path.startsWith('events/') && events.find((e) => e.id === path.slice('events/'.length));
  return event ? make.eventDetail(event) : undefined;
}

function error(response, status, code, message) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code, message, hint: 'this is the mock server', id: 'q-7f3a' } }));
}

function stream(request, response, kind) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const entry = { response, kind };
  streams.add(entry);
  request.on('close', () => streams.delete(entry));
  if (kind === 'table') send(entry, table());
}

function send({ response, kind }, data) {
  response.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}

function toAll(kind, data) {
  for (const entry of streams) if (entry.kind === kind) send(entry, data);
}

setInterval(() => {
  tick += 1;
  toAll('table', table());
}, TABLE_EVERY_MS);

function bringFinding() {
  if (scenario !== 'normal') return;
  const event = make.arrivingEvent(Date.now(), arrived.length);
  arrived = [event, ...arrived];
  toAll('finding', event);
}
setInterval(bringFinding, FINDING_EVERY_MS);

async function file(response, path) {
  const asked = normalize(path).replace(/^(\.\.[/\\])+/, '');
  const name = extname(asked) === '' ? 'index.html' : asked;
  const body = await readFile(join(DIST, name)).catch(() => undefined);
  if (!body) return response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': CSP,
  });
  response.end(body);
}

createHttpServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  if (url.pathname === '/mock') {
    const asked = url.searchParams.get('scenario');
    if (asked) [scenario, arrived] = [asked, []];
    if (url.searchParams.has('finding')) bringFinding();
    if (scenario === 'lost') for (const entry of streams) entry.response.destroy();
    return response.end(scenario);
  }
  if (!url.pathname.startsWith('/api/v1/')) return file(response, url.pathname);
  const path = url.pathname.slice('/api/v1/'.length);
  if (scenario === 'broken' || (scenario === 'lost' && path.endsWith('/stream'))) {
    return error(response, 503, 'unavailable', 'the metric store is still reading its journal');
  }
  if (path.endsWith('/stream'))
    return stream(request, response, path.startsWith('explore') ? 'table' : 'finding');
  if (scenario === 'slow') await new Promise((done) => setTimeout(done, 60_000));
  const data = answer(decodeURIComponent(path), url.searchParams);
  if (data === undefined) return error(response, 404, 'not_found', 'there is no such event');
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(data));
}).listen(PORT, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${PORT}`));
