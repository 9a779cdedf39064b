import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readLoginKeys } from '../../config/login-keys.ts';
import type { PublicKey } from '../../config/public-key.ts';

/** How people can log in to this machine by network. */
export type Login = Readonly<{
  /** Whether other machines find SSH at its port, by the kernel's word. */
  listens: boolean;
  /** Keys that the image lets in; none where the gate was not made from one. */
  keys: readonly PublicKey[];
}>;

export const SSH_PORT = 22;

const KEYS = 'etc/fevergate/login/authorized_keys';
const SOCKETS = ['proc/net/tcp', 'proc/net/tcp6'];
const LISTEN = '0A';
/** 127.0.0.0/8 and ::1, as the kernel writes them. */
const OF_THE_MACHINE_ITSELF = /^([0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/;

/**
 * Looks at the keys that are kept and at the sockets that listen.
 * @param root for another tree than the machine's own
 */
export async function readLogin(root = '/'): Promise<Login> {
  const read = (file: string): Promise<Buffer> =>
    readFile(path.join(root, file)).catch(() => Buffer.alloc(0));
  const kept = readLoginKeys(await read(KEYS));
  const sockets = await Promise.all(SOCKETS.map(read));
  return {
    listens: sockets.some((table) => table.toString().split('\n').some(isOpenToOthers)),
    keys: kept.kind === 'keys' ? kept.keys : [],
  };
}

/** A line of proc(5)'s net/tcp: number, local address and port, remote ones, state. */
function isOpenToOthers(line: string): boolean {
  const [, local = '', , state] = line.trim().split(/\s+/);
  const [address = '', port = ''] = local.split(':');
  return state === LISTEN && Number.parseInt(port, 16) === SSH_PORT && !OF_THE_MACHINE_ITSELF.test(address);
}
