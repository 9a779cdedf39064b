import { readFile, statfs } from 'node:fs/promises';
import type { ReadMachineVitals } from '../../ports/machine-vitals.ts';

const CPU_MILLIDEGREES = '/sys/class/thermal/thermal_zone0/temp';

/** @param directory its disk's free space is read */
export function machineVitals(directory: string): ReadMachineVitals {
  return async () => ({
    cpuTemperatureC: await cpuTemperatureC(),
    memoryBytes: process.memoryUsage.rss(),
    diskFreeBytes: await statfs(directory).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    ),
  });
}

async function cpuTemperatureC(): Promise<number | null> {
  const text = await readFile(CPU_MILLIDEGREES, 'utf8').catch(() => '');
  return /^-?\d+\s*$/.test(text) ? Number(text) / 1000 : null;
}
