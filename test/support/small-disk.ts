import { spawnSync } from 'node:child_process';

// A small file system of its own, in a namespace of its own: nothing outside is mounted or filled.
const unshare = (command: string, env: NodeJS.ProcessEnv) =>
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', command], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

/** Whether this user may mount in a namespace of their own. */
export const canMount = unshare('mount -t tmpfs none /mnt', {}).status === 0;

/**
 * Runs Node where `folder` is a disk of `kilobytes`; the script finds it as `process.env.STORE`.
 * @returns what the script writes to stdout, and to stderr
 */
export function onSmallDisk(folder: string, kilobytes: number, script: string) {
  const { stdout, stderr } = unshare(
    `mount -t tmpfs -o size=${kilobytes}k none "$STORE" && exec "$NODE" --import tsx --input-type=module --eval "$CODE"`,
    { STORE: folder, NODE: process.execPath, CODE: script },
  );
  return { stdout, stderr };
}
