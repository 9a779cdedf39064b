import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createGateLoop } from '../../src/app/gate-loop.ts';
import { gateParamsOf } from '../../src/app/gate-params.ts';
import { assemblerFor } from '../../src/app/screening-gate.ts';
import { openCamera } from '../../src/commands/open-camera.ts';
import { loadConfig } from '../../src/config/load.ts';
import { openI2cDev } from '../../src/io/linux/i2c-dev-bus.ts';
import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import { openFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import { openMlx90640 } from '../../src/thermal/mlx90640/driver.ts';

/**
 * The gate's inputs at full load, for a while: subpages through driver, thermograms and core; optionally camera frames,
 * and each of them through the detector and the mask. Prints what it cost as JSON.
 * Usage: loaded-gate CONFIG SECONDS thermal|camera|vision
 */
/** The histogram counts the tick itself, ms. */
const DELAY_TICK_MS = 1;
const [, , file = '', seconds = '20', load = 'thermal'] = process.argv;
const config = await loadConfig(file);
const clock = createSystemClock();
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const bus = await openI2cDev(config.i2c.bus);
const { refreshRateHz, adcBits } = config.thermal;
const sensor = await openMlx90640(bus, clock, { refreshRateHz, adcBits });
const loop = createGateLoop({
  params: gateParamsOf(config, sensor.refreshRateHz),
  firstVisitNumber: 1,
  assemblerFor: (atMs) => assemblerFor(sensor, config, atMs),
  poweredOnAtMs: -3_600_000,
  onEffect: () => undefined,
});
const camera = load === 'thermal' ? null : await openCamera(config, clock, quiet);
const finder = load === 'vision' ? await openFaceFinder(config.vision) : null;

let newest = await camera?.capture();

const delay = monitorEventLoopDelay({ resolution: DELAY_TICK_MS });
// Its timer costs as much as the gate: not while that is measured.
if (load === 'vision') delay.enable();
const stop = AbortSignal.timeout(Number(seconds) * 1000);
const cpuBefore = mainThreadCpuMs();
const startedMs = performance.now();
let subpages = 0;
let frames = 0;
let looks = 0;

const thermal = async (): Promise<void> => {
  for await (const raw of sensor.subpages(stop)) {
    loop.accept({ kind: 'subpage', raw });
    subpages++;
  }
};
const filming = async (): Promise<void> => {
  while (camera !== null && !stop.aborted) {
    newest = await camera.capture(stop);
    frames++;
  }
};
/** The worker is never idle. */
const seeing = async (): Promise<void> => {
  while (finder !== null && newest !== undefined && !stop.aborted) {
    const frame = { ...newest, data: newest.data.slice() };
    loop.accept({ kind: 'frame', frame, judgeMasks: true, faces: await finder.find(frame, true) });
    looks++;
  }
};
const untilStopped = (work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
await Promise.all([thermal(), untilStopped(filming()), seeing()]);

const tookMs = performance.now() - startedMs;
const result = {
  load,
  subpagesPerS: (subpages / tookMs) * 1000,
  framesPerS: (frames / tookMs) * 1000,
  looksPerS: (looks / tookMs) * 1000,
  mainThreadCpuShare: (mainThreadCpuMs() - cpuBefore) / tookMs,
  eventLoopDelayP99Ms: delay.percentile(99) / 1e6 - DELAY_TICK_MS,
  eventLoopDelayMaxMs: delay.max / 1e6 - DELAY_TICK_MS,
  statistics: sensor.statistics,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await camera?.close();
await finder?.close();
await bus.close();

/** Of the thread that this runs on; the worker's and libuv's are not counted. Clock ticks of 10 ms. */
function mainThreadCpuMs(): number {
  const status = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
