// What stands in for the world outside: web services that take what alerts send, a real SMTP server.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { root } from './machine.mjs';

/** A web service that says yes to everything and keeps what it got: `{ path, headers, body }`. */
export async function startWebService(status = 200, answer = 'ok') {
  const got = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const body = request.headers['content-type']?.includes('json') ? JSON.parse(text) : text;
      got.push({ path: request.url, headers: request.headers, body });
      response.writeHead(status).end(answer);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    got,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A port that is free at the moment. */
async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An SMTP server (aiosmtpd) that puts what it takes into a Maildir. */
export async function startMailServer() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lanner-mail-'));
  const port = await freePort();
  const maildir = path.join(folder, 'box');
  const child = spawn(
    'python3',
    ['-m', 'aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, '-c', 'aiosmtpd.handlers.Mailbox', maildir],
    {
      stdio: 'ignore',
      env: { ...process.env, PYTHONPATH: path.join(root, 'target/tools/aiosmtpd') },
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let left = 200; ; left -= 1) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.unref();
    });
    if (open) break;
    if (left === 0) throw new Error('the mail server did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    /** All mails, as they came, transfer encodings of their bodies undone. */
    mails() {
      try {
        return readdirSync(path.join(maildir, 'new')).map((name) => plain(readFileSync(path.join(maildir, 'new', name), 'utf8')));
      } catch {
        return [];
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A mail's text with quoted-printable and base64 parts readable behind it. */
function plain(mail) {
  const quoted = mail.replace(/=\r?\n/g, '').replace(/((?:=[0-9A-F]{2})+)/g, (codes) => Buffer.from(codes.replaceAll('=', ''), 'hex').toString('utf8'));
  const words = quoted.replace(/=\?utf-8\?b\?([^?]+)\?=/gi, (_, text) => Buffer.from(text, 'base64').toString('utf8'));
  const blocks = words.match(/(?:^[A-Za-z0-9+/]{40,}={0,2}\r?\n?)+/gm) ?? [];
  return [words, ...blocks.map((block) => Buffer.from(block, 'base64').toString('utf8'))].join('\n');
}
