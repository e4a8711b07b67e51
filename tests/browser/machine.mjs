// Where things are, and what this machine gives.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
export const chromium = '/usr/bin/chromium';

/** What is missing here for these tests, as a sentence; null when nothing is. */
export function machineGives() {
  if (process.getuid() !== 0) return 'browser: not root';
  if (!existsSync('/sys/kernel/btf/vmlinux')) return 'browser: no /sys/kernel/btf/vmlinux';
  if (!existsSync(chromium)) return `browser: no ${chromium}`;
  if (!existsSync('/usr/sbin/runc') && !existsSync('/usr/bin/runc')) return 'browser: no runc';
  if (!existsSync(path.join(root, 'web/dist/index.html'))) return 'browser: web/dist is not built';
  if (!existsSync(path.join(target, 'debug/lanner'))) return 'browser: target/debug/lanner is not built';
  return null;
}
