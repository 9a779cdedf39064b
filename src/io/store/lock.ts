import { randomUUID } from 'node:crypto';
import { link, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PRIVATE_FILE, removeFile } from './durable-file.ts';
import { errnoOf, StoreError } from './store-error.ts';

/** Which process holds a lock: its id, and when it started, since ids are reused after a restart. */
type Holder = Readonly<{ pid: number; started: string }>;

/** Name of the lock in a folder of records. */
export const STORE_LOCK = 'visits.lock';

const ATTEMPTS = 5;

/**
 * Takes a lock file; one whose process has ended is taken over.
 * @returns gives the lock back
 * @throws StoreError `locked` while a living process holds it
 */
export async function acquireLock(file: string): Promise<() => Promise<void>> {
  const own = `${process.pid} ${await startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await createWhole(file, own)) return () => removeFile(file);
    const found = await textOf(file);
    // Given back meanwhile: taking it away now could take another's.
    if (found === null) continue;
    const holder = holderOf(found);
    if (holder !== null && (await isAlive(holder))) {
      throw new StoreError(
        'locked',
        `${file}: process ${holder.pid} already writes here; stop it, or use another folder`,
      );
    }
    await takeAway(file, found);
  }
  throw new StoreError('locked', `${file}: other processes take it at the same time`);
}

/** Creates a file with its text at once, so that nobody finds it empty; false when it exists. */
async function createWhole(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: PRIVATE_FILE });
    await link(draft, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await removeFile(draft);
  }
}

/** Removes a stale lock, unless another process has replaced it meanwhile: then that one is put back. */
async function takeAway(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  if ((await textOf(file)) !== stale) return;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const taken = await textOf(aside);
  if (taken !== stale) await rename(aside, file);
  else await removeFile(aside);
}

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}

function holderOf(text: string): Holder | null {
  const match = /^(\d+) (\S+)\n$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined
    ? null
    : { pid: Number(match[1]), started: match[2] };
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
  }
  const now = await startOf(pid);
  return now === UNKNOWN_START || started === UNKNOWN_START || now === started;
}

const UNKNOWN_START = '-';

/** When a process started, as boot and clock ticks (proc(5), field 22); "-" where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold spaces and brackets; after its last bracket comes field 3.
    const ticks = status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot.trim()}/${ticks ?? ''}`;
  } catch {
    return UNKNOWN_START;
  }
}

/** Whether a living process writes to a folder of records. */
export async function isStoreInUse(directory: string): Promise<boolean> {
  const holder = holderOf((await textOf(path.join(directory, STORE_LOCK))) ?? '');
  return holder !== null && (await isAlive(holder));
}
