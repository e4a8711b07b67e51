// The product under test: a server with its agent, and a container to look at.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { startContainer } from './containers.mjs';
import { root, target } from './machine.mjs';

/** Of the user `admin`. */
const password = randomBytes(12).toString('hex');

/** Starts `lanner up` on free ports; it watches system calls of this process' descendants only. */
export async function startLanner() {
  const data = mkdtempSync(path.join(os.tmpdir(), 'lanner-browser-'));
  const flags = ['--http-port', '0', '--grpc-port', '0', '--data-dir', data, '--watch-only', String(process.pid), '--interval', '2'];
  const child = spawn(path.join(target, 'debug/lanner'), ['up', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LANNER_ADMIN_PASSWORD: password },
  });
  const log = path.join(root, 'target', 'browser-lanner.log');
  child.stderr.pipe(createWriteStream(log));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const page = await new Promise((resolve, reject) => {
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('page: ')) resolve(line.slice('page: '.length).trim().replace(/\/$/, ''));
    });
    ended.then((code) => reject(new Error(`lanner ended with ${code} before its page was up, see ${log}`)));
  });
  const entered = await fetch(`${page}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page },
    body: JSON.stringify({ user: 'admin', password }),
  });
  if (!entered.ok) throw new Error(`signing in: ${entered.status} ${await entered.text()}`);
  const cookie = entered.headers.get('set-cookie').split(';')[0];
  const [name, value] = cookie.split('=');
  return {
    page,
    password,
    /** The session, for a browser's tabs. */
    cookie: { name, value, url: page, httpOnly: true, sameSite: 'Strict' },
    async send(method, route, body) {
      const headers = { cookie, origin: page, 'content-type': 'application/json' };
      const answer = await fetch(page + route, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    async get(route) {
      const answer = await fetch(page + route, { headers: { cookie } });
      if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Starts a container whose processes have names to look for. */
export function startCrowd() {
  const work = 'while true; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.2; done';
  const programs = [work, 'httpd -f -p 127.0.0.1:8080', 'crond -f -c /tmp', 'tail -f /dev/null'];
  const command = ['sh', '-c', `${programs.map((program) => `(${program}) &`).join(' ')} exec sleep 100000`];
  return startContainer(command);
}
