import { type GateParts, runScreeningGate } from '../../src/app/screening-gate.ts';
import { type Config, configSchema } from '../../src/config/schema.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { I2cBus } from '../../src/ports/i2c-bus.ts';
import { blankCamera } from '../../src/simulation/blank-camera.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createVirtualLines } from '../../src/simulation/virtual-lines.ts';
import { someRecords } from './some-records.ts';

const ROOM_C = 22;
const emptyRoom = { ambientC: ROOM_C, render: (_atMs: number, toC: Float64Array) => void toC.fill(ROOM_C) };
const noFaces = { find: () => Promise.resolve([]), close: () => Promise.resolve() };

export type EmptyRoomOptions = Readonly<{
  poweredOnAtMs?: number;
  busHz?: number;
  eeprom?: Uint16Array;
  thermal?: Partial<Config['thermal']>;
  sensorImages?: GateParts['sensorImages'];
  /** Made for the sensor behind the bus. */
  recovery?: (sensor: VirtualMlx90640) => Partial<GateParts['recovery']>;
  /** Puts something between gate and sensor. */
  busOf?: (sensor: VirtualMlx90640) => I2cBus;
}>;

/** A gate before an empty room; `script` meddles with its sensor as virtual time passes. */
export async function gateThrough(
  script: (sensor: VirtualMlx90640, clock: VirtualClock) => Promise<void>,
  options: EmptyRoomOptions = {},
) {
  const config = configSchema.parse({ thermal: options.thermal ?? {} });
  const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
  const poweredOnAtMs = options.poweredOnAtMs ?? -3_600_000;
  const sensor = new VirtualMlx90640({
    clock,
    eeprom: options.eeprom ?? generateEeprom({ lens: 'BAB', seed: 1 }),
    scene: emptyRoom,
    noise: { seed: 1 },
    poweredOnAtMs,
    ...(options.busHz !== undefined && { busHz: options.busHz }),
  });
  const lines = createVirtualLines(clock);
  const signals: Signal[] = [];
  const logged: string[] = [];
  const say = (_details: object, message: string): void => void logged.push(message);
  const stop = new AbortController();
  const running = runScreeningGate(
    {
      config,
      clock,
      bus: options.busOf?.(sensor) ?? sensor,
      camera: blankCamera(clock, { width: 640, height: 480 }, 6),
      faceFinder: noFaces,
      lines,
      store: someRecords(),
      alerts: null,
      log: { info: say, warn: say, error: say },
      sensorImages: options.sensorImages ?? null,
      recovery: { clearBus: null, cyclePower: null, ...options.recovery?.(sensor) },
      poweredOnAtMs: () => poweredOnAtMs,
      observer: {
        onState: ({ signal }) => {
          if (signals.at(-1) !== signal) signals.push(signal);
        },
      },
    },
    stop.signal,
  );
  const meddling = script(sensor, clock).finally(() => stop.abort());
  await clock.run(Promise.all([running, meddling]));
  return { signals, lines, sensor, logged };
}
