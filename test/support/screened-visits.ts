import { mountOf } from '../../src/app/gate-params.ts';
import { runScreeningGate } from '../../src/app/screening-gate.ts';
import { createVisitScorer } from '../../src/commands/visit-scorer.ts';
import type { Config } from '../../src/config/schema.ts';
import { pinholeOptics } from '../../src/domain/optics.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { Reading } from '../../src/domain/visit.ts';
import type { Reason } from '../../src/gate/reasons.ts';
import type { DecidedVisit, GateState } from '../../src/gate/types.ts';
import { blankCamera } from '../../src/simulation/blank-camera.ts';
import { heldVision } from '../../src/simulation/held-vision.ts';
import { parseScenario, type ScenarioInput } from '../../src/simulation/scene/scenario.ts';
import { createScene } from '../../src/simulation/scene/scene.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { trueFaceFinder } from '../../src/simulation/true-faces.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createVirtualLines } from '../../src/simulation/virtual-lines.ts';
import { someRecords } from './some-records.ts';

/** One simulated visitor, and what the gate made of them. */
export type ScreenedVisit = Readonly<{
  visitor: ScenarioInput['visitors'][number];
  trueC: number;
  /** Null: not answered. */
  visit: DecidedVisit | null;
  /** Why this visitor got no verdict though read. */
  refused: Reason | null;
  /** Of the answer or of the refusal. */
  reading: Reading | null;
  /** The sensor's common drift then, degC; still in the reading. */
  driftC: number;
  /** From standing still to the answer, ms. */
  decisionMs: number | null;
}>;

/** A whole run. */
export type ScreeningRun = Readonly<{
  visits: readonly ScreenedVisit[];
  /** Every change of light and sound, and of what keeps the gate from measuring. */
  signals: readonly Signal[];
  conditions: readonly (Reason | null)[];
  /** The gate's state when everybody had left. */
  last: GateState | null;
}>;

const POWERED_ON_AT_MS = -3_600_000;
const VISION_LATENCY_MS = 60;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Screens visitors with the production gate over the virtual sensor; only the detector is replaced, by the true faces
 * with the detector's scatter.
 */
export async function screenedVisits(
  config: Config,
  scenarioInput: ScenarioInput,
  seed: number,
  options: Readonly<{ noise?: boolean; lingerMs?: number }> = {},
): Promise<ScreeningRun> {
  const { lens } = config.thermal;
  const { width, height, horizontalFovDeg, frameRateHz } = config.camera;
  const scenario = parseScenario(scenarioInput, 'visits');
  const scene = await createScene({ scenario, lens, mount: mountOf(config), seed, lookAlike: true });
  const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
  const sensor = new VirtualMlx90640({
    clock,
    eeprom: generateEeprom({ lens, seed }),
    scene: scene.thermal,
    ...((options.noise ?? true) && { noise: { seed } }),
    mirrored: config.thermal.mirrored,
    poweredOnAtMs: POWERED_ON_AT_MS,
  });
  const scorer = createVisitScorer(scene);
  const driftsC = new Map<number, number>();
  const visits: DecidedVisit[] = [];
  const refusals = new Map<number, Readonly<{ reason: Reason; reading: Reading; atMs: number }>>();
  const signals: Signal[] = [];
  const conditions: (Reason | null)[] = [];
  let last: GateState | null = null;
  const stop = new AbortController();
  const gate = runScreeningGate(
    {
      config,
      clock,
      bus: sensor,
      camera: blankCamera(clock, { width, height }, frameRateHz),
      faceFinder: heldVision(
        trueFaceFinder(scene, pinholeOptics(width, height, horizontalFovDeg), seed),
        clock,
        VISION_LATENCY_MS,
      ),
      lines: createVirtualLines(clock),
      store: someRecords(),
      alerts: null,
      log: quiet,
      sensorImages: null,
      recovery: { clearBus: null, cyclePower: null },
      poweredOnAtMs: () => POWERED_ON_AT_MS,
      observer: {
        onState: (state) => {
          last = state;
          if (signals.at(-1) !== state.signal) signals.push(state.signal);
          if (conditions.at(-1) !== state.condition) conditions.push(state.condition);
        },
        onRefused: (refused) => {
          const visitor = scene.inViewAt(refused.atMs)[0];
          if (visitor === undefined || refusals.has(visitor.number)) return;
          refusals.set(visitor.number, refused);
          driftsC.set(refused.atMs, sensor.commonDriftC);
          scene.dismiss(visitor.number, refused.atMs);
        },
        onVisit: (visit, alert) => {
          visits.push(visit);
          driftsC.set(visit.atMs, sensor.commonDriftC);
          scorer.decided(visit, alert);
        },
      },
    },
    stop.signal,
  );
  const end = async (): Promise<void> => {
    while (clock.nowMs() < scene.endMs() + (options.lingerMs ?? 1000)) await clock.sleep(500);
    stop.abort();
  };
  await clock.run(Promise.all([gate, end()]));
  const decisions = scorer.decisions();
  const screened = scenario.visitors.map((visitor, index): ScreenedVisit => {
    const at = decisions.findIndex((decision) => decision.visitor === index + 1);
    const visit = visits[at] ?? null;
    const refusal = refusals.get(index + 1) ?? null;
    const answeredAtMs = visit?.atMs ?? refusal?.atMs ?? null;
    return {
      visitor,
      trueC: scene.visitors[index]?.trueTemperatureC ?? Number.NaN,
      visit,
      refused: refusal?.reason ?? null,
      reading: visit?.reading ?? refusal?.reading ?? null,
      driftC: driftsC.get(answeredAtMs ?? Number.NaN) ?? 0,
      decisionMs: answeredAtMs === null ? null : Math.max(0, answeredAtMs - scene.standsAtMs(index + 1)),
    };
  });
  return { visits: screened, signals, conditions, last };
}
