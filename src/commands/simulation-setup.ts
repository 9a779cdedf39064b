import { mountOf } from '../app/gate-params.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Mount } from '../domain/optics.ts';
import { readImage } from '../io/image/read-image.ts';
import { createLog } from '../io/log.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import { type PhotoLooks, photoLooks } from '../simulation/scene/photo-looks.ts';
import { generateScenario, loadScenario, ScenarioError } from '../simulation/scene/scenario.ts';
import { createScene, type Scene } from '../simulation/scene/scene.ts';
import { misplacedMount } from '../simulation/scene/walk-scene.ts';
import { generateEeprom } from '../simulation/sensor/generate-eeprom.ts';
import { readEepromFile } from '../simulation/sensor/read-eeprom-file.ts';
import { VirtualCamera } from '../simulation/virtual-camera.ts';
import { CommandError } from './command-error.ts';
import { type LoadedRegistration, loadRegistration } from './registration-in-force.ts';
import type { SimulatedGateOptions } from './simulated-gate.ts';
import type { SimulationFlags } from './simulation-options.ts';
import { stopOnSignals } from './stop-on-signals.ts';

/** A simulated gate's world, made from the command line. */
export type Simulation = Readonly<{
  scene: Scene;
  /** What the gate is run with; who watches it is added by the command. */
  gate: Omit<SimulatedGateOptions, 'observe'>;
}>;

/** @throws CommandError naming the option or file and what is wrong with it */
export async function prepareSimulation(flags: SimulationFlags): Promise<Simulation> {
  const configured = withBroker(await loadConfig(flags.config ?? null), flags.broker);
  const log = createLog();
  const registration =
    flags.records === undefined
      ? null
      : await loadRegistration(configured, flags.records, { simulated: true, log });
  const config = registration?.config ?? configured;
  const scenario =
    flags.scenario === undefined
      ? generateScenario({ visits: flags.visits, seed: flags.seed })
      : await loadScenario(flags.scenario).catch(explained);
  const photos = flags.faces === undefined ? null : await photosIn(flags.faces).catch(explained);
  const scene = await createScene({
    scenario,
    lens: config.thermal.lens,
    mount: trueMountOf(configured, registration),
    seed: flags.seed,
    ...(photos && { photos }),
  }).catch(explained);
  const eeprom =
    flags.eeprom === undefined
      ? generateEeprom({ lens: config.thermal.lens, seed: flags.seed })
      : await readEepromFile(flags.eeprom).catch(explained);
  const { width, height, horizontalFovDeg, frameRateHz } = config.camera;
  return {
    scene,
    gate: {
      config,
      eeprom,
      seed: flags.seed,
      pace: flags.speed,
      recordsFolder: flags.records ?? null,
      upkeep: registration?.upkeep ?? null,
      world: {
        thermal: scene.thermal,
        openCamera: (clock) =>
          new VirtualCamera({ clock, scene, width, height, horizontalFovDeg, frameRateHz, seed: flags.seed }),
        endMs: () => scene.endMs(),
      },
      onBroker: (url) => process.stderr.write(`alerts go to ${url}\n`),
      abort: stopOnSignals(),
    },
  };
}

/** Where the simulated array sits: where a calibration of the same simulated gate found it, else as the gate believes. */
function trueMountOf(configured: Config, registration: LoadedRegistration | null): Mount {
  const seed = registration?.kept?.simulatedSeed ?? null;
  if (seed !== null) return misplacedMount(mountOf(configured), seed);
  return mountOf({ mount: registration?.upkeep.base ?? configured.mount });
}

/** Photos with their faces found by the real detector, so that they can be shown life-size. */
async function photosIn(folder: string): Promise<PhotoLooks> {
  const finder = await openFaceFinder({ inputSize: 256, roi: 'whole' });
  try {
    return await photoLooks(folder, async (file) => {
      const { frame, width, height } = await readImage(file);
      const [face] = await finder.find(frame, false);
      return face === undefined ? null : { box: face.box, width, height };
    });
  } finally {
    await finder.close();
  }
}

function withBroker(config: Config, url: string | undefined): Config {
  if (url === undefined) return config;
  return { ...config, alerts: { mqtt: { ...config.alerts.mqtt, enabled: true, url } } };
}

/** What a user can mend is told in one line; a bug keeps its stack. */
function explained(error: unknown): never {
  const mendable =
    error instanceof ScenarioError ||
    (error instanceof Error && error.constructor === Error) ||
    (error instanceof Error && 'syscall' in error);
  if (mendable) throw new CommandError((error as Error).message);
  throw error;
}
