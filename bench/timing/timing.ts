import path from 'node:path';
import type { I2cBus } from '../../src/ports/i2c-bus.ts';
import { openDoor } from '../../test/hardware/door/door.ts';
import { runUnder } from '../../test/support/emulated-hardware.ts';

/**
 * Timing of the gate's inputs on emulated hardware: `tsx bench/timing/timing.ts [SECONDS]`. The emulator shares the
 * machine, so on two cores these are upper bounds.
 */
const seconds = process.argv[2] ?? '20';
const REFRESH_HZ = 16;
const FRAMES_HZ = 30;
const door = await openDoor({
  visits: 500,
  seed: 9,
  config: { thermal: { refreshRateHz: REFRESH_HZ }, camera: { frameRateHz: FRAMES_HZ } },
});
const lates: number[] = [];
const watched: I2cBus = {
  transfer(address, write, readLength) {
    // The first words of the RAM, asked for while a new subpage waits: how late is it?
    if (readLength > 1000 && write[0] === 0x04) lates.push(door.clock.nowMs() - door.sensor.readyAtMs);
    return door.sensor.transfer(address, write, readLength);
  },
};
door.hardware.removeBus(1);
door.hardware.addBus(1, watched);

type Measured = Readonly<{
  subpagesPerS: number;
  framesPerS: number;
  mainThreadCpuShare: number;
  eventLoopDelayP99Ms: number;
  eventLoopDelayMaxMs: number;
}>;

async function measure(load: 'thermal' | 'camera' | 'vision'): Promise<Measured> {
  lates.length = 0;
  const child = runUnder(
    door.hardware,
    ['--import', 'tsx', path.join(import.meta.dirname, 'loaded-gate.ts'), door.configFile, seconds, load],
    door.env,
  );
  const { code, stdout, stderr } = await child.ended;
  if (code !== 0) throw new Error(stderr);
  const measured: Measured = JSON.parse(stdout);
  const sorted = lates.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2);
  console.log(
    `${load.padEnd(8)} ${measured.subpagesPerS.toFixed(1)} subpages/s, ${measured.framesPerS.toFixed(1)} frames/s: main thread ${(100 * measured.mainThreadCpuShare).toFixed(1)} % of a core; event-loop delay p99 ${measured.eventLoopDelayP99Ms.toFixed(2)} ms, longest ${measured.eventLoopDelayMaxMs.toFixed(1)} ms; a subpage is read ${at(0.5)} ms after it is ready (median; p99 ${at(0.99)}, longest ${at(1)})`,
  );
  return measured;
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
  await door.close();
}
