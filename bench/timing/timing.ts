import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { I2cBus } from '../../src/ports/i2c-bus.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { createEmulatedHardware } from '../../test/hardware/emulator/emulated-hardware.ts';
import { runUnder } from '../../test/support/emulated-hardware.ts';
import { createPreciseClock } from './precise-clock.ts';

/**
 * Timing of the gate's inputs on emulated hardware: `tsx bench/timing/timing.ts [SECONDS]`. The emulator shares the
 * machine, so on two cores these are upper bounds.
 */
const seconds = process.argv[2] ?? '20';
const REFRESH_HZ = 16;
const FRAMES_HZ = 30;
/** Subpages until the new refresh rate is in effect and the sensor's pace is known. */
const STARTING = 16;
const clock = createPreciseClock();
const sensor = new VirtualMlx90640({
  clock,
  eeprom: generateEeprom({ lens: 'BAB', seed: 1 }),
  // An even wall costs the emulator nothing: what is measured is the gate.
  scene: { ambientC: 22, render: (_atMs, toC) => void toC.fill(22) },
  poweredOnAtMs: -3_600_000,
});
/** Of every subpage: when it was ready, and when its reading began. */
const reads: Readonly<{ readyMs: number; begunMs: number }>[] = [];
const watched: I2cBus = {
  transfer(address, write, readLength) {
    // Clearing "new data" begins the reading of a subpage.
    if (readLength === 0 && write[0] === 0x80 && write[1] === 0x00) {
      reads.push({ readyMs: sensor.readyAtMs, begunMs: clock.nowMs() });
    }
    return sensor.transfer(address, write, readLength);
  },
};
const hardware = await createEmulatedHardware({ clock, buses: new Map([[1, watched]]) });
const folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-timing-'));
const configFile = path.join(folder, 'gate.yaml');
writeFileSync(
  configFile,
  JSON.stringify({ thermal: { refreshRateHz: REFRESH_HZ }, camera: { frameRateHz: FRAMES_HZ } }),
);
const tools = path.join(import.meta.dirname, '../../test/hardware/rpicam/bin');

type Measured = Readonly<{
  load: string;
  subpagesPerS: number;
  framesPerS: number;
  looksPerS: number;
  mainThreadCpuShare: number;
  eventLoopDelayP99Ms: number;
  eventLoopDelayMaxMs: number;
  statistics: object;
}>;

async function measure(load: 'thermal' | 'camera' | 'vision'): Promise<Measured> {
  reads.length = 0;
  hardware.trace.clear();
  const child = runUnder(
    hardware,
    ['--import', 'tsx', path.join(import.meta.dirname, 'loaded-gate.ts'), configFile, seconds, load],
    { PATH: `${tools}:${process.env['PATH'] ?? ''}` },
  );
  const { code, stdout, stderr } = await child.ended;
  if (code !== 0) throw new Error(stderr);
  const measured: Measured = JSON.parse(stdout);
  const settled = reads.slice(STARTING);
  const wholeMs = distribution(settled.map(({ readyMs, begunMs }) => begunMs - readyMs));
  const ownMs = distribution(settled.map((read) => read.begunMs - read.readyMs - busTimeMs(read)));
  console.log(
    `${load.padEnd(8)} ${measured.subpagesPerS.toFixed(1)} subpages/s, ${measured.framesPerS.toFixed(1)} frames/s, ${measured.looksPerS.toFixed(0)} looks/s: main thread ${(100 * measured.mainThreadCpuShare).toFixed(1)} % of a core${delay(measured)}; a subpage's reading begins ${wholeMs} after it is ready, of which not on the bus ${ownMs}`,
  );
  return measured;
}

/** Measured under full load only. */
function delay({ load, eventLoopDelayP99Ms, eventLoopDelayMaxMs }: Measured): string {
  if (load !== 'vision') return '';
  return `; event-loop delay p99 ${eventLoopDelayP99Ms.toFixed(2)} ms, longest ${eventLoopDelayMaxMs.toFixed(1)} ms`;
}

/** How long the bus was busy between a subpage's being ready and its reading, ms. */
function busTimeMs({ readyMs, begunMs }: Readonly<{ readyMs: number; begunMs: number }>): number {
  const between = hardware.trace.i2c.filter(
    ({ atMs, endMs }) => endMs > readyMs && endMs <= begunMs && atMs < begunMs,
  );
  return between.reduce((sum, { atMs, endMs }) => sum + endMs - Math.max(atMs, readyMs), 0);
}

function distribution(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2);
  return `${at(0.5)} ms (p90 ${at(0.9)}, p99 ${at(0.99)}, longest ${at(1)})`;
}

try {
  const thermal = await measure('thermal');
  const camera = await measure('camera');
  await measure('vision');
  const subpageMs = (1000 * thermal.mainThreadCpuShare) / thermal.subpagesPerS;
  const frameMs = (1000 * (camera.mainThreadCpuShare - thermal.mainThreadCpuShare)) / camera.framesPerS;
  console.log(
    `main-thread CPU: ${subpageMs.toFixed(2)} ms a subpage (polls, transfer, thermogram, core), ${frameMs.toFixed(2)} ms a camera frame`,
  );
} finally {
  await hardware.close();
  rmSync(folder, { recursive: true });
}
