import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import { canMount, onSmallDisk } from '../support/small-disk.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const SCRIPT = `
  import { openVisitStore } from './src/io/store/visit-store.ts';
  import { aVisit } from './test/support/a-visit.ts';
  const directory = process.env.STORE;
`;

test('every visit told as stored survives kill -9', async () => {
  const code = `${SCRIPT}
    const store = await openVisitStore({ directory, capVisits: 25000 });
    for (;;) { const n = store.nextNumber; await store.append(aVisit(n)); process.stdout.write(n + '\\n'); }`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    env: { ...process.env, STORE: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.length > 1500) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const last = Number(told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1));
  expect(last).toBeGreaterThan(300);
  const store = await openVisitStore({ directory: folder, capVisits: 25_000 });
  const kept = store.visits().map(({ number }) => number);
  expect(kept.slice(0, last)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(kept.length - last).toBeLessThanOrEqual(1);
  await store.close();
});

test.skipIf(!canMount)(
  'a full and a read-only disk are told, nothing is lost, and writing goes on afterwards',
  async () => {
    const code = `${SCRIPT}
    import { execFileSync } from 'node:child_process';
    import { readFileSync, rmSync, writeFileSync } from 'node:fs';
    const mount = (how) => execFileSync('mount', ['-o', 'remount,' + how, directory]);
    const attempt = async () => {
      try { await store.append(aVisit(store.nextNumber)); return 'stored'; } catch (error) { return error.code; }
    };
    let store = await openVisitStore({ directory, capVisits: 25000 });
    const told = [await attempt()];
    try { writeFileSync(directory + '/ballast', Buffer.alloc(1e6)); } catch {}
    let stored = 1;
    while ((await attempt()) === 'stored') stored++;
    told.push(await attempt(), await attempt());
    told.push(readFileSync(directory + '/visits.ndjson').length % 512 === 0);
    rmSync(directory + '/ballast');
    told.push(await attempt());
    const kept = store.visits().length === stored + 1;
    await store.close();
    mount('ro');
    told.push(await openVisitStore({ directory, capVisits: 25000 }).then(() => 'opened', (error) => error.code));
    mount('rw');
    store = await openVisitStore({ directory, capVisits: 25000 });
    told.push(kept, store.visits().length === stored + 1, store.repairs.tornLines + store.repairs.badLines);
    await store.close();
    process.stdout.write(JSON.stringify(told));`;
    const { stdout, stderr } = onSmallDisk(folder, 128, code);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([
      'stored',
      'full',
      'full',
      true,
      'stored',
      'read-only',
      true,
      true,
      0,
    ]);
  },
);

const canTrace = spawnSync('strace', ['true'], { stdio: 'ignore' }).status === 0;

test.skipIf(!canTrace && !process.env['CI'])(
  'a visit that the disk refuses is told, and the one it was written over is put back (strace needed)',
  () => {
    const code = `${SCRIPT}
    import { readVisits } from './src/io/store/read-visits.ts';
    const numbers = async () => (await readVisits(directory)).map(({ number }) => number);
    const attempt = (number) => store.append(aVisit(number)).then(() => 'stored', (error) => error.code);
    let store = await openVisitStore({ directory, capVisits: 3 });
    const told = [await attempt(1), await attempt(2), await attempt(3)];
    told.push(await attempt(4), store.visits().length, await numbers());
    told.push(await attempt(5), await numbers());
    await store.close();
    store = await openVisitStore({ directory, capVisits: 3 });
    told.push(store.visits().map(({ number }) => number), store.repairs.badLines);
    await store.close();
    process.stdout.write(JSON.stringify(told));`;
    // The fourth sync of data is the fourth visit's; calls are counted by thread.
    const { stdout } = spawnSync(
      'strace',
      [
        ...['-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fdatasync'],
        ...['-e', 'inject=fdatasync:error=EIO:when=4'],
        ...[process.execPath, '--import', 'tsx', '--input-type=module', '--eval', code],
      ],
      { encoding: 'utf8', env: { ...process.env, STORE: folder, UV_THREADPOOL_SIZE: '1' } },
    );
    expect(JSON.parse(stdout)).toEqual([
      'stored',
      'stored',
      'stored',
      'io',
      3,
      [1, 2, 3],
      'stored',
      [2, 3, 5],
      [2, 3, 5],
      0,
    ]);
  },
);
