import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runSimulatedGate } from '../../src/commands/simulated-gate.ts';
import { prepareSimulation } from '../../src/commands/simulation-setup.ts';

/**
 * Processor time of a whole simulated gate, virtual sensor and all threads included, at real speed while nobody is
 * there: `tsx bench/faces/idle.ts [SECONDS]`.
 */
const seconds = Number(process.argv[2] ?? 30);
/** Until the programs are compiled and the sensor's pace is known. */
const SETTLING_S = 8;
const folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-idle-'));
const scenario = path.join(folder, 'nobody.json');
const arrivesAtMs = 1000 * (SETTLING_S + seconds + 60);
writeFileSync(scenario, JSON.stringify({ visitors: [{ arrivesAtMs, distanceM: 1 }] }));
const { gate } = await prepareSimulation({ visits: 1, seed: 1, speed: 'real', scenario });
rmSync(folder, { recursive: true });
const stop = new AbortController();
let looks = 0;
setTimeout(() => {
  const [before, looksBefore] = [process.cpuUsage(), looks];
  const startedMs = performance.now();
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    const share = (user + system) / 1000 / (performance.now() - startedMs);
    console.log(
      `idle: ${(100 * share).toFixed(2)} % of a core, ${looks - looksBefore} looks in ${seconds} s`,
    );
    stop.abort();
  }, 1000 * seconds);
}, 1000 * SETTLING_S);
await runSimulatedGate({
  ...gate,
  abort: stop.signal,
  observe: () => ({
    onInput: ({ kind }) => {
      if (kind === 'frame') looks++;
    },
  }),
});
