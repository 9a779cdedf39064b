import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mountOf } from '../../../src/app/gate-params.ts';
import { type Config, configSchema } from '../../../src/config/schema.ts';
import { createSystemClock } from '../../../src/io/linux/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { generateScenario } from '../../../src/simulation/scene/scenario.ts';
import { createScene, type Scene } from '../../../src/simulation/scene/scene.ts';
import { generateEeprom } from '../../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../../src/simulation/sensor/virtual-mlx90640.ts';
import { VirtualCamera } from '../../../src/simulation/virtual-camera.ts';
import { createEmulatedHardware, type EmulatedHardware } from '../emulator/emulated-hardware.ts';
import { PI5_HEADER_PWM } from '../emulator/pwm-chips.ts';
import { startCameraFeed } from './camera-feed.ts';

/** Where the gate's outputs are by default: the header of a Raspberry Pi 5. */
export const GATE_CHIP = 4;
export const LAMPS = { red: 17, yellow: 27, green: 22 } as const;
const I2C_BUS = 1;
const PWM_CHIP = 0;
const SETTLE_S = 2;
const FIRST_ARRIVAL_MS = 6000;
/** Visitors wait while the gate is out of service. */
const PATIENCE_MS = 45_000;

/** An entrance with visitors, and the hardware of a gate there, in real time. */
export type Door = Readonly<{
  scene: Scene;
  clock: Clock;
  sensor: VirtualMlx90640;
  hardware: EmulatedHardware;
  configFile: string;
  recordsFolder: string;
  /** What the gate's process needs to find this hardware. */
  env: Readonly<Record<string, string>>;
  /** Tells the camera what to do wrong; `{}` mends it. */
  setCameraFaults(faults: object): void;
  /** Whether lamps are dark and the buzzer silent, electrically. */
  isDark(): boolean;
  close(): Promise<void>;
}>;

export type DoorOptions = Readonly<{
  visits: number;
  seed: number;
  /** Over the defaults of a configuration file. */
  config?: object;
  /** Of the world; real time of this machine when absent. */
  clock?: Clock;
}>;

export async function openDoor({
  visits,
  seed,
  config: overrides = {},
  clock = createSystemClock(),
}: DoorOptions): Promise<Door> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-door-'));
  const recordsFolder = path.join(folder, 'records');
  // The virtual sensor has settled: what a cable pulled out costs is shown without waiting four minutes each time.
  const given = {
    thermal: { warmUpS: SETTLE_S },
    records: { directory: recordsFolder },
    ...overrides,
  };
  const config = configSchema.parse(given);
  const configFile = path.join(folder, 'gate.yaml');
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(given));
  const faultsFile = path.join(folder, 'camera-faults.json');

  const scene = await sceneOf(config, visits, seed);
  const sensor = new VirtualMlx90640({
    clock,
    eeprom: generateEeprom({ lens: config.thermal.lens, seed }),
    scene: scene.thermal,
    noise: { seed },
    mirrored: config.thermal.mirrored,
    poweredOnAtMs: -3_600_000,
  });
  const hardware = await createEmulatedHardware({
    clock,
    buses: new Map([[I2C_BUS, sensor]]),
    chips: [{ number: GATE_CHIP, label: 'pinctrl-rp1', lines: 54 }],
    pwm: [{ number: PWM_CHIP, device: PI5_HEADER_PWM, channels: 4 }],
  });
  const feed = await startCameraFeed(
    path.join(folder, 'camera'),
    (wanted) =>
      new VirtualCamera({ ...wanted, clock, scene, horizontalFovDeg: config.camera.horizontalFovDeg, seed }),
  );
  const tools = path.join(import.meta.dirname, '../rpicam/bin');
  return {
    scene,
    clock,
    sensor,
    hardware,
    configFile,
    recordsFolder,
    env: {
      PATH: `${tools}:${process.env['PATH'] ?? ''}`,
      FEVERGATE_FAKE_CAMERA_SOCK: feed.path,
      FEVERGATE_FAKE_CAMERA_FAULTS: faultsFile,
    },
    setCameraFaults: (faults) => writeFileSync(faultsFile, JSON.stringify(faults)),
    isDark: () =>
      Object.values(LAMPS).every((line) => hardware.gpio.level(GATE_CHIP, line) === 0) &&
      !hardware.pwm.state(PWM_CHIP, 0).enabled,
    async close() {
      await feed.close();
      await hardware.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Generated strangers who wait until they are answered. */
async function sceneOf(config: Config, visits: number, seed: number): Promise<Scene> {
  const scenario = generateScenario({ visits, seed });
  const patient = scenario.visitors.map((visitor, index) => ({
    ...visitor,
    staysMs: PATIENCE_MS,
    arrivesAtMs: index === 0 ? FIRST_ARRIVAL_MS : null,
  }));
  return createScene({
    scenario: { ...scenario, visitors: patient },
    lens: config.thermal.lens,
    mount: mountOf(config),
    seed,
  });
}
