import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ACCOUNT = 'gate';
/** For one connection; the guest's processor is an emulated one. */
const CONNECT_S = 180;
const ENDED_WITHIN_MS = 900_000;
const AGAIN_MS = 3000;

/** What ssh ended with, its standard output and its errors. */
export type Said = Readonly<{ code: number; stdout: string; stderr: string }>;

/** Somebody outside the guest, with a key pair of their own. */
export interface Visitor {
  /** What they lay on a card's boot partition. */
  readonly publicKey: string;
  /** Runs a command in the guest. The machine's key must be the one of the first time. */
  run(port: number, command: string, options?: readonly string[]): Promise<Said>;
  /** As {@link run}, again and again until it succeeds. @throws Error with what was said last */
  eventually(port: number, command: string, withinMs: number): Promise<string>;
}

/** Makes a key pair in a folder. */
export function visitor(folder: string, name: string): Visitor {
  const key = path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
  const settings = [
    ...['-F', 'none', '-i', key, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR'],
    ...['-o', `UserKnownHostsFile=${key}.known`, '-o', 'StrictHostKeyChecking=accept-new'],
    ...['-o', 'HostKeyAlias=gate', '-o', `ConnectTimeout=${CONNECT_S}`],
  ];
  const run: Visitor['run'] = (port, command, options = []) =>
    new Promise((resolve) => {
      const args = [...settings, ...options, '-p', String(port), `${ACCOUNT}@127.0.0.1`, command];
      const child = execFile('ssh', args, { timeout: ENDED_WITHIN_MS }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (child.exitCode ?? -1), stdout, stderr }),
      );
    });
  return {
    publicKey: `${key}.pub`,
    run,
    async eventually(port, command, withinMs) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const { code, stdout, stderr } = await run(port, command);
        if (code === 0) return stdout;
        if (performance.now() > deadline) throw new Error(`ssh ended with ${code}: ${stderr}`);
        await sleep(AGAIN_MS);
      }
    },
  };
}

/** What a port says first to who connects; nothing: ''. */
export async function greeting(port: number, withinMs: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes.toString();
  });
  await Promise.race([once(socket, 'data').catch(() => undefined), sleep(withinMs)]);
  socket.destroy();
  return said;
}
