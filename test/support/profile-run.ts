import { mountOf } from '../../src/app/gate-params.ts';
import { runSimulatedGate } from '../../src/commands/simulated-gate.ts';
import { loadConfig } from '../../src/config/load.ts';
import { parseScenario } from '../../src/simulation/scene/scenario.ts';
import { createScene } from '../../src/simulation/scene/scene.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualCamera } from '../../src/simulation/virtual-camera.ts';

/**
 * Screens a few visitors and prints what was decided of each, as JSON: with what nothing else may tell.
 * Usage: profile-run CONFIG RECORDS
 */
const [, , file = '', records = ''] = process.argv;
const SEED = 5;
const config = await loadConfig(file);
const scene = await createScene({
  scenario: parseScenario(
    {
      visitors: [
        { distanceM: 0.6, mask: 'worn' },
        { distanceM: 0.6, feverC: 3, mask: 'worn' },
      ],
    },
    'two visitors',
  ),
  lens: 'BAB',
  mount: mountOf(config),
  seed: SEED,
});
const { width, height, horizontalFovDeg, frameRateHz } = config.camera;
await runSimulatedGate({
  config,
  eeprom: generateEeprom({ lens: 'BAB', seed: SEED }),
  seed: SEED,
  pace: 'max',
  recordsFolder: records,
  upkeep: null,
  world: {
    thermal: scene.thermal,
    openCamera: (clock) =>
      new VirtualCamera({ clock, scene, width, height, horizontalFovDeg, frameRateHz, seed: SEED }),
    endMs: () => scene.endMs(),
  },
  onBroker: () => undefined,
  observe: () => ({
    onVisit: ({ number, outcome, reading, atMs }) => {
      process.stdout.write(`${JSON.stringify({ number, outcome, temperatureC: reading.temperatureC })}\n`);
      const [visitor] = scene.inViewAt(atMs);
      if (visitor !== undefined) scene.dismiss(visitor.number, atMs);
    },
  }),
  abort: new AbortController().signal,
});
