// Real containers for tests: runc and busybox (tests/container), one network for those that talk.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './machine.mjs';

const scripts = path.join(root, 'tests/container');

/** The server and client of tests/container/http.c, compiled so that it runs in an empty container. */
export function httpProgram() {
  const program = path.join(root, 'target', 'http');
  execFileSync('cc', ['-static', '-O1', '-Wall', '-Werror', '-o', program, path.join(scripts, 'http.c')]);
  return program;
}

/** Starts a container; `{ pid }` of another as `network` makes both share that one's network. */
export function startContainer(command, { network, program } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lanner-container-'));
  const id = randomBytes(32).toString('hex');
  const env = { ...process.env };
  if (network) env.NETNS = `/proc/${network.pid}/ns/net`;
  if (program) env.PROGRAM = program;
  const told = execFileSync(path.join(scripts, 'start'), [folder, id, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let isStopped = false;
  return {
    id,
    pid: Number(told),
    exec: (...words) => spawn('runc', ['--root', path.join(folder, 'state'), 'exec', id, ...words], { stdio: 'ignore' }),
    /** What its first process has written. */
    output: () => (existsSync(path.join(folder, 'output')) ? readFileSync(path.join(folder, 'output'), 'utf8') : ''),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      execFileSync(path.join(scripts, 'stop'), [folder, id]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
