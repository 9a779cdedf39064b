import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertPayloadSchema } from '../../src/alerts/payload.ts';
import {
  countsPayloadSchema,
  healthPayloadSchema,
  statePayloadSchema,
} from '../../src/alerts/report-payloads.ts';
import { BLOCK_BYTES } from '../../src/io/store/photo-blocks.ts';
import { countPhotos } from '../../src/io/store/read-visits.ts';
import { kindOfRecordFile } from '../../src/io/store/record-files.ts';
import { readVisitsFile } from '../../src/io/store/visits-file.ts';
import { PHOTO_CONFIG } from '../support/gate-facts.ts';
import {
  bytesWritten,
  internetAddresses,
  openedForWriting,
  type SystemCall,
  systemCalls,
} from '../support/system-calls.ts';
import { ended, lackOfNamespaces, openTwoNamespaces, type TwoNamespaces } from '../support/two-namespaces.ts';

/** Simulated hours with visitors all along; `npm run test:day` lets a whole day pass. */
const HOURS = Number(process.env['FEVERGATE_TRACED_HOURS'] ?? '1');
const VISITORS = 12 + 4 * HOURS;
const HOUR_MS = 3_600_000;
const TIME_LIMIT_MS = 900_000 + HOURS * 300_000;
const SEED = '7';
const PORT = 18_883;
/** A camera frame of the default configuration, YUV420. */
const FRAME_BYTES = (640 * 480 * 3) / 2;
/** The file of photos is made, and grows, by so many blank blocks at once: less than a frame. */
const BLANK_BLOCKS_BYTES = 64 * BLOCK_BYTES;
const TRACED =
  'open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,mmap,connect,sendto,sendmsg,sendmmsg,bind,listen,io_uring_setup';
/** What the runtime itself writes to: standard streams and their devices. */
const DEVICES = /^\/dev\/(null|tty|pts\/\d+|urandom|random)$/;
const JPEG = Buffer.from('ffd8ff', 'hex');
const AGE = Buffer.from('age-encryption.org');

/** Two of three masked, one of four with fever, spread over the hours. */
const aVisitor = (_: unknown, index: number) => ({
  arrivesAtMs: 1000 + (index * HOURS * HOUR_MS) / VISITORS,
  distanceM: 0.5 + (index % 4) * 0.1,
  mask: index % 3 === 0 ? 'not-worn' : 'worn',
  ...(index % 4 === 1 ? { feverC: 2 } : {}),
});

const lack = lackOfNamespaces();

describe.skipIf(lack !== null)(lack ?? 'a gate that keeps photos, in a network of its own', () => {
  let folder: string;
  let spaces: TwoNamespaces;
  let records: string;
  let calls: readonly SystemCall[];
  let packets: readonly string[];
  let captured: Buffer;
  let payloads: readonly Readonly<{ topic: string; payload: Buffer }>[];
  let listening: string[];
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-no-way-out-'));
    records = path.join(folder, 'records');
    spaces = openTwoNamespaces();
    const url = `mqtt://${spaces.worldAddress}:${PORT}`;
    const config = path.join(folder, 'gate.yaml');
    await writeFile(
      config,
      `${PHOTO_CONFIG}alerts: { mqtt: { enabled: true, allowPlainText: true, url: '${url}' } }\n`,
    );
    const broker = path.join(folder, 'mosquitto.conf');
    await writeFile(broker, `listener ${PORT} ${spaces.worldAddress}\nallow_anonymous true\nuser root\n`);
    const scenario = path.join(folder, 'day.json');
    await writeFile(scenario, JSON.stringify({ visitors: Array.from({ length: VISITORS }, aVisitor) }));
    const capture = path.join(folder, 'cable.pcap');
    const watchers = [
      spaces.start('world', 'mosquitto', ['-c', broker]),
      spaces.start('world', 'tcpdump', ['-i', spaces.cable, '-U', '-s', '0', '-Z', 'root', '-w', capture]),
    ];
    started.push(...watchers);
    await sleep(3000);
    const hear = ['-h', spaces.worldAddress, '-p', String(PORT), '-t', '#', '-q', '1', '-F', '%t %x'];
    const subscriber = spaces.start('world', 'mosquitto_sub', hear);
    started.push(subscriber);
    const heard = ended(subscriber);
    await sleep(2000);

    const trace = path.join(folder, 'trace');
    const flags = ['simulate', '--scenario', scenario, '--seed', SEED, '--speed', 'max', '--no-live'];
    const gate = spaces.start('gate', 'strace', [
      ...['-f', '-y', '-s', '64', '--seccomp-bpf', '-e', `trace=${TRACED}`, '-o', trace],
      ...[process.execPath, 'dist/cli.js', ...flags, '--config', config, '--records', records],
    ]);
    const run = ended(gate);
    listening = [];
    const look = setInterval(() => {
      listening.push(...spaces.listening());
    }, 1000);
    const { code, stderr } = await run;
    clearInterval(look);
    if (code !== 0) throw new Error(`the gate ended with ${code}: ${stderr}`);
    await sleep(2000);
    for (const child of started) child.kill('SIGTERM');
    payloads = (await heard).stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return { topic: line.slice(0, at), payload: Buffer.from(line.slice(at + 1), 'hex') };
      });
    calls = systemCalls(await readFile(trace, 'utf8'));
    captured = await readFile(capture);
    packets = spaces.packetsIn(capture);
  }, TIME_LIMIT_MS);
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    spaces.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('no packet goes anywhere but to the configured broker', () => {
    const broker = `${spaces.worldAddress}.${PORT}`;
    const ofGate = packets.filter((line) => line.startsWith(`IP ${spaces.gateAddress}`));
    expect(ofGate.length).toBeGreaterThan(10);
    expect(ofGate.filter((line) => !line.includes(` > ${broker}:`))).toEqual([]);
    // Beside these the kernel's own: who has this address, who else is on the cable.
    const others = packets.filter((line) => !/^IP /.test(line) && !/^ARP|^IP6 .*(ICMP6|HBH)/.test(line));
    expect(others).toEqual([]);
  });

  test('nothing is even tried: every address the process connects or sends to is the broker’s', () => {
    const tried = internetAddresses(calls, /^(connect|sendto|sendmsg|sendmmsg)$/);
    expect(tried.length).toBeGreaterThan(0);
    expect(new Set(tried)).toEqual(new Set([`${spaces.worldAddress} ${PORT}`]));
  });

  test('nothing listens', () => {
    expect(listening).toEqual([]);
    expect(internetAddresses(calls, /^bind$/)).toEqual([]);
    expect(calls.filter(({ name }) => name === 'listen')).toEqual([]);
  });

  test('photos were taken and alerts sent, so that there was something to find', async () => {
    expect(await countPhotos(records)).toBeGreaterThan(2);
    expect(payloads.filter(({ topic }) => topic.endsWith('/alert')).length).toBeGreaterThan(0);
  });

  test('every published byte is an alert’s or a report’s of the gate itself: no picture, no sealed photo', () => {
    const schemas = {
      alert: alertPayloadSchema,
      state: statePayloadSchema,
      counts: countsPayloadSchema,
      health: healthPayloadSchema,
    };
    for (const { topic, payload } of payloads) {
      const kind = topic.slice(topic.lastIndexOf('/') + 1);
      if (kind === 'availability') expect(payload.toString()).toMatch(/^(online|offline)$/);
      else
        expect(() =>
          schemas[kind as keyof typeof schemas].parse(JSON.parse(payload.toString())),
        ).not.toThrow();
      expect(payload.length).toBeLessThan(600);
    }
    expect(captured.includes(JPEG)).toBe(false);
    expect(captured.includes(AGE)).toBe(false);
  });

  test('only files of records are opened for writing', () => {
    const written = [...new Set(openedForWriting(calls))];
    const strange = written.filter(
      (file) => !DEVICES.test(file) && kindOfRecordFile(path.relative(records, file)) === null,
    );
    expect(written.length).toBeGreaterThan(3);
    expect(strange).toEqual([]);
  });

  test('no frame reaches a file: not by size, not by mapped memory, not as a JPEG', async () => {
    const written = bytesWritten(calls);
    const photoBlocks: number[] = [];
    for (const [file, sizes] of written) {
      const kind = kindOfRecordFile(path.relative(records, file));
      expect(kind, file).not.toBeNull();
      if (kind === 'photo') photoBlocks.push(...sizes.filter((bytes) => bytes !== BLANK_BLOCKS_BYTES));
      else
        expect(
          sizes.reduce((sum, bytes) => sum + bytes, 0),
          file,
        ).toBeLessThan(FRAME_BYTES / 2);
    }
    // The blocks of the kept photos and no others, those of one photo that lie side by side at once.
    const kept = (await readVisitsFile(records))?.visits.flatMap(({ photo }) => runsOf(photo?.blocks ?? []));
    expect(photoBlocks).toEqual(kept?.map((blocks) => blocks * BLOCK_BYTES));
    const mapped = calls.filter(
      ({ name, args }) =>
        name === 'mmap' && /MAP_SHARED/.test(args) && /PROT_WRITE/.test(args) && /\d+<\/(?!dev\/)/.test(args),
    );
    expect(mapped).toEqual([]);
    // Writing without system calls that a trace shows.
    expect(calls.filter(({ name }) => name === 'io_uring_setup')).toEqual([]);
    for (const name of await readdir(records, { recursive: true })) {
      const bytes = await readFile(path.join(records, name)).catch(() => Buffer.alloc(0));
      expect(bytes.includes(Buffer.from('ffd8ffe0', 'hex')), name).toBe(false);
      expect(bytes.includes(Buffer.from('JFIF')), name).toBe(false);
    }
  });
});

/** How many follow each other without a gap, run by run. */
function runsOf(blocks: readonly number[]): readonly number[] {
  const starts = blocks.flatMap((block, at) => (block === (blocks[at - 1] ?? Number.NaN) + 1 ? [] : [at]));
  return starts.map((start, at) => (starts[at + 1] ?? blocks.length) - start);
}
