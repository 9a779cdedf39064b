import { VirtualMlx90640, type VirtualSensorOptions } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import type { ThermalScene } from '../../src/simulation/thermal-scene.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { type Mlx90640, openMlx90640, type SensorOptions } from '../../src/thermal/mlx90640/driver.ts';
import type { RawSubpage } from '../../src/thermal/mlx90640/raw-subpage.ts';

/** A scene that does not change: column 0 on the left as the sensor looks. */
export function stillScene(toC: Float64Array, ambientC = 22): ThermalScene {
  return { ambientC, render: (_atMs, into) => into.set(toC) };
}

/** A settled sensor on virtual time. */
export function virtualSensor(options: Omit<VirtualSensorOptions, 'clock'>) {
  const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
  const bus = new VirtualMlx90640({ poweredOnAtMs: -3_600_000, ...options, clock });
  return { clock, bus };
}

/** Opens the sensor with the production driver and reads some subpages. */
export async function readSubpages(
  { clock, bus }: ReturnType<typeof virtualSensor>,
  count: number,
  settings: SensorOptions = { refreshRateHz: 8, adcBits: 19 },
): Promise<Readonly<{ sensor: Mlx90640; subpages: readonly RawSubpage[] }>> {
  const read = async () => {
    const sensor = await openMlx90640(bus, clock, settings);
    const subpages: RawSubpage[] = [];
    for await (const raw of sensor.subpages()) {
      subpages.push({ ...raw, words: raw.words.slice() });
      if (subpages.length >= count) break;
    }
    return { sensor, subpages };
  };
  const reading = read();
  await clock.run(reading);
  return reading;
}
