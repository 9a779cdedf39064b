import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLogin } from '../../src/doctor/login-check.ts';
import { readLogin } from '../../src/io/linux/login.ts';
import { publicKeyLine } from '../support/ssh-keys.ts';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const KEPT = 'etc/fevergate/login/authorized_keys';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'fevergate-login-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function lay(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}

/** A line of the kernel's table, as proc(5) has it. */
const socket = (local: string, state = '0A'): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0\n`;

test.each([
  ['every address', 'proc/net/tcp', socket('00000000:0016'), true],
  ['one address', 'proc/net/tcp', socket('0501A8C0:0016'), true],
  ['every address (IPv6)', 'proc/net/tcp6', socket(`${'0'.repeat(32)}:0016`), true],
  ['the machine itself', 'proc/net/tcp', socket('0100007F:0016'), false],
  ['the machine itself (IPv6)', 'proc/net/tcp6', socket(`${'0'.repeat(24)}01000000:0016`), false],
  ['the machine itself (mapped)', 'proc/net/tcp6', socket(`${'0'.repeat(16)}FFFF00000100007F:0016`), false],
  ['another port', 'proc/net/tcp', socket('00000000:1600'), false],
  ['a connection that is there', 'proc/net/tcp', socket('0501A8C0:0016', '01'), false],
])('SSH at %s', async (_, file, line, open) => {
  expect(await readLogin(root)).toEqual({ listens: false, keys: [] });
  await lay(file, `${HEADER}${socket('00000000:0035')}${line}`);
  expect((await readLogin(root)).listens).toBe(open);
});

test('what the kernel says of this very machine is understood', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, () => listening()));
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
    );
    await lay(
      'proc/net/tcp',
      tables.join('').replaceAll(':0016 ', ':0017 ').replaceAll(`:${hex} `, ':0016 '),
    );
    expect((await readLogin(root)).listens).toBe(true);
  } finally {
    server.close();
  }
});

test('the doctor says whether a login is open, and to how many', async () => {
  const found = async (): Promise<string> => {
    const { status, found: said } = checkLogin(await readLogin(root));
    return `${status}: ${said}`;
  };
  expect(await found()).toBe('ok: closed: nothing answers at port 22');
  await lay(KEPT, `${publicKeyLine('ed25519')} a\n${publicKeyLine('nistp256')} b\n`);
  expect(await found()).toBe('warning: 2 keys may log in, but nothing answers at port 22');
  await lay('proc/net/tcp6', socket(`${'0'.repeat(32)}:0016`));
  expect(await found()).toBe('ok: OPEN at port 22, to 2 keys and no password');
  await lay(KEPT, '');
  expect(await found()).toBe('ok: OPEN at port 22, by settings of the operating system');
});
