/**
 * Runs inside the guest, as the gate's user: an entrance with visitors, and the emulated hardware of the gate that stands
 * there. Bundled by ../test-disk.ts. Says that it is ready once the gate can be started.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openServiceManager } from '../../../src/io/linux/service-manager.ts';
import { createLog } from '../../../src/io/log.ts';
import { openDoor } from '../../hardware/door/door.ts';

const RECORDS = '/var/lib/fevergate/records';
const SETTINGS = '/run/entrance/environment';
const LOOK_MS = 50;

const seed = Number(process.argv[2]);
const door = await openDoor({ visits: 400, seed });
const tools = path.dirname(process.argv[1] ?? '');
const settings = {
  ...door.hardware.env,
  ...door.env,
  PATH: `${tools}:${process.env['PATH']}`,
  LD_PRELOAD: path.join(tools, 'hwshim.so'),
};
writeFileSync(
  SETTINGS,
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
);
openServiceManager(process.env, createLog()).ready();

// Whoever has been answered leaves; the record tells that somebody was.
let recorded = visitsRecorded();
for (;;) {
  await sleep(LOOK_MS);
  const now = visitsRecorded();
  if (now <= recorded) continue;
  recorded = now;
  const atMs = door.clock.nowMs();
  const visitor = door.scene.inViewAt(atMs)[0]?.number;
  if (visitor !== undefined) door.scene.dismiss(visitor, atMs);
}

function visitsRecorded(): number {
  try {
    const segments = readdirSync(RECORDS).filter((name) => /^visits-.*\.ndjson$/.test(name));
    const texts = segments.map((name) => readFileSync(path.join(RECORDS, name), 'utf8'));
    return [...texts.join('').matchAll(/\n/g)].length;
  } catch {
    return 0;
  }
}
