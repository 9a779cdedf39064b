import { mountOf } from '../../src/app/gate-params.ts';
import { runScreeningGate } from '../../src/app/screening-gate.ts';
import { createVisitScorer } from '../../src/commands/visit-scorer.ts';
import type { Config } from '../../src/config/schema.ts';
import { pinholeOptics } from '../../src/domain/optics.ts';
import type { DecidedVisit } from '../../src/gate/types.ts';
import { blankCamera } from '../../src/simulation/blank-camera.ts';
import { heldVision } from '../../src/simulation/held-vision.ts';
import { parseScenario, type ScenarioInput } from '../../src/simulation/scene/scenario.ts';
import { createScene } from '../../src/simulation/scene/scene.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { trueFaceFinder } from '../../src/simulation/true-faces.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createVirtualLines } from '../../src/simulation/virtual-lines.ts';

/** One simulated visitor, and what the gate made of them. */
export type ScreenedVisit = Readonly<{
  visitor: ScenarioInput['visitors'][number];
  trueC: number;
  /** Null: not answered. */
  visit: DecidedVisit | null;
  /** From standing still to the answer, ms. */
  decisionMs: number | null;
}>;

const POWERED_ON_AT_MS = -3_600_000;
const VISION_LATENCY_MS = 60;
const noVisits = { nextNumber: 1, append: () => Promise.resolve(), close: () => Promise.resolve() };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Screens visitors with the production gate over the virtual sensor; only the detector is replaced, by the true faces
 * with the detector's scatter.
 */
export async function screenedVisits(
  config: Config,
  scenarioInput: ScenarioInput,
  seed: number,
  options: Readonly<{ noise?: boolean }> = {},
): Promise<readonly ScreenedVisit[]> {
  const { lens } = config.thermal;
  const { width, height, horizontalFovDeg, frameRateHz } = config.camera;
  const scenario = parseScenario(scenarioInput, 'visits');
  const scene = await createScene({ scenario, lens, mount: mountOf(config), seed, lookAlike: true });
  const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
  const scorer = createVisitScorer(scene);
  const visits: DecidedVisit[] = [];
  const stop = new AbortController();
  const gate = runScreeningGate(
    {
      config,
      clock,
      bus: new VirtualMlx90640({
        clock,
        eeprom: generateEeprom({ lens, seed }),
        scene: scene.thermal,
        ...((options.noise ?? true) && { noise: { seed } }),
        mirrored: config.thermal.mirrored,
        poweredOnAtMs: POWERED_ON_AT_MS,
      }),
      camera: blankCamera(clock, { width, height }, frameRateHz),
      faceFinder: heldVision(
        trueFaceFinder(scene, pinholeOptics(width, height, horizontalFovDeg), seed),
        clock,
        VISION_LATENCY_MS,
      ),
      lines: createVirtualLines(clock),
      store: noVisits,
      alerts: null,
      log: quiet,
      sensorImages: null,
      recovery: { clearBus: null, cyclePower: null },
      poweredOnAtMs: () => POWERED_ON_AT_MS,
      observer: {
        onVisit: (visit, alert) => {
          visits.push(visit);
          scorer.decided(visit, alert);
        },
      },
    },
    stop.signal,
  );
  const end = async (): Promise<void> => {
    while (clock.nowMs() < scene.endMs() + 1000) await clock.sleep(500);
    stop.abort();
  };
  await clock.run(Promise.all([gate, end()]));
  const decisions = scorer.decisions();
  return scenario.visitors.map((visitor, index) => {
    const at = decisions.findIndex((decision) => decision.visitor === index + 1);
    const visit = visits[at] ?? null;
    return {
      visitor,
      trueC: scene.visitors[index]?.trueTemperatureC ?? Number.NaN,
      visit,
      decisionMs: visit === null ? null : Math.max(0, visit.atMs - scene.standsAtMs(index + 1)),
    };
  });
}
