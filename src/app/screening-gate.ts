import type { Config } from '../config/schema.ts';
import { type Alert, gateIdOf } from '../domain/alert.ts';
import type { CheckVerdict } from '../domain/visit.ts';
import { createMutableBuzzer } from '../feedback/mutable-buzzer.ts';
import { createFeedbackPlayer, type FeedbackPlayer } from '../feedback/player.ts';
import { REASONS, type Reason } from '../gate/reasons.ts';
import type { DecidedVisit, GateEffect, GateState, RefusedVisit } from '../gate/types.ts';
import type { AlertChannel } from '../ports/alert-channel.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import type { I2cBus } from '../ports/i2c-bus.ts';
import type { Log } from '../ports/log.ts';
import type { GateLines } from '../ports/output-line.ts';
import type { SensorImages } from '../ports/sensor-images.ts';
import type { SensorRecovery } from '../ports/sensor-recovery.ts';
import type { RecordsState, VisitRecords } from '../ports/visit-records.ts';
import { type Mlx90640, SensorError } from '../thermal/mlx90640/driver.ts';
import type { RawSubpage } from '../thermal/mlx90640/raw-subpage.ts';
import type { SensorErrorCode } from '../thermal/mlx90640/sensor-error.ts';
import { createThermogramAssembler, type ThermogramAssembler } from '../thermal/thermogram-assembler.ts';
import { createGateLoop, type GateInput, type GateLoop } from './gate-loop.ts';
import { gateParamsOf } from './gate-params.ts';
import { createRegistrationUpkeep, type UpkeepParts } from './registration-upkeep.ts';
import { RemoteGate } from './remote/remote-gate.ts';
import type { RemoteParts } from './remote/remote-parts.ts';
import { runGate } from './run-gate.ts';
import { createSensorKeeper, type SensorKeeper } from './sensor-keeper.ts';
import { tendRecords } from './tend-records.ts';
import { createVisitEffects } from './visit-effects.ts';
import { createVisitPhotos, type PhotoParts } from './visit-photos.ts';

/** The parts of one gate, real or virtual. The gate does not close them. */
export type GateParts = Readonly<{
  config: Config;
  clock: Clock;
  bus: I2cBus;
  camera: Camera;
  faceFinder: FaceFinder;
  lines: GateLines;
  store: VisitRecords;
  /** Without it no photo is taken. */
  photos?: PhotoParts;
  /** Null: no remote subscribers are configured. */
  alerts: AlertChannel | null;
  /** Absent: nobody is told how the gate is, and nobody can ask anything of it. */
  remote?: RemoteParts;
  log: Log;
  /** Null: whatever sensor there is will do. */
  sensorImages: SensorImages | null;
  recovery: SensorRecovery;
  /**
   * When the thermal sensor got its supply, ms on the clock (negative: before the gate started).
   * @param keptSettings the sensor still has the settings of an earlier run
   */
  poweredOnAtMs: (keptSettings: boolean) => number;
  /** Absent: the registration is not kept true by visitors. */
  upkeep?: UpkeepParts;
  observer?: GateObserver;
}>;

/** What a gate's decisions follow from, besides its inputs and its configuration. */
export type GateStart = Pick<Mlx90640, 'eeprom' | 'id' | 'lens' | 'refreshRateHz' | 'busHz'> &
  Readonly<{ poweredOnAtMs: number; firstVisitNumber: number }>;

/** Watches a gate without touching it: live view, recording, report. */
export interface GateObserver {
  /** The sensor has opened: from here on there are inputs. */
  onStart?(start: GateStart): void;
  /** A frame's bytes are to be copied where they are wanted longer: they are overwritten after use. */
  onInput?(input: GateInput): void;
  onState?(state: GateState): void;
  onVisit?(visit: DecidedVisit, alert: Alert | null): void;
  /** Somebody was read, and gets no verdict. */
  onRefused?(refused: RefusedVisit): void;
  /** Sees what profile the records are kept in and whether they can be, at first and whenever it changes. */
  onRecords?(state: RecordsState): void;
}

const OPEN_RETRY_MS = 2000;

/**
 * Runs a gate until `signal` aborts, then leaves its outputs off and everything decided stored and told.
 * @throws SensorError `eeprom-invalid`, `eeprom-changed`, `sensor-unknown` or `wrong-lens`: no use in trying again
 */
export async function runScreeningGate(parts: GateParts, signal: AbortSignal): Promise<void> {
  const buzzer = createMutableBuzzer(parts.lines.buzzer);
  const player = createFeedbackPlayer({ ...parts.lines, buzzer }, parts.clock);
  player.show('warming-up');
  const effects = createVisitEffects({
    ...parts,
    gateId: gateIdOf(parts.config.gate),
  });
  const { photos: photoParts, observer } = parts;
  const photos = photoParts && createVisitPhotos(photoParts, parts.config.records.photo.withoutMask);
  const remote = parts.remote && new RemoteGate(parts.remote, { ...parts, buzzer });
  const stopTending = new AbortController();
  const untilEnd = AbortSignal.any([signal, stopTending.signal]);
  let loop: GateLoop | null = null;
  let verdicts: readonly CheckVerdict[] = [];
  const tellVerdicts = (): void => loop?.accept({ kind: 'checks', atMs: parts.clock.nowMs(), verdicts });
  const tending = Promise.all([
    tendRecords(parts.store, parts.clock, untilEnd, {
      onState: (state) => {
        observer?.onRecords?.(state);
        remote?.onRecords(state);
      },
      onVerdicts: (found) => {
        verdicts = found;
        tellVerdicts();
      },
    }),
    remote?.run(untilEnd),
  ]);
  const upkeep = parts.upkeep && createRegistrationUpkeep(parts.upkeep, parts.config, parts);
  try {
    const keeper = createSensorKeeper(parts);
    const sensor = await openSensor(keeper, parts, { player, remote }, signal);
    if (sensor === null) return;
    const poweredOnAtMs = parts.poweredOnAtMs(sensor.keptSettings);
    const firstVisitNumber = parts.store.nextNumber;
    const { eeprom, id, lens, refreshRateHz, busHz } = sensor;
    observer?.onStart?.({ eeprom, id, lens, refreshRateHz, busHz, poweredOnAtMs, firstVisitNumber });
    const running = createGateLoop({
      params: gateParamsOf(parts.config, refreshRateHz),
      firstVisitNumber,
      assemblerFor: (atMs) => assemblerFor(sensor, parts.config, atMs),
      poweredOnAtMs,
      onEffect: (effect: GateEffect, state: GateState) => {
        switch (effect.kind) {
          case 'signal':
            return player.show(effect.signal);
          case 'condition':
            return tellCondition(effect.reason, parts.log);
          case 'refused':
            return tellRefused(effect.refused, parts);
          case 'visit': {
            // Apart from telling the observer: without one the visit is kept and told all the same.
            const alert = effects.carryOut(effect.visit, id, photos?.take(effect.visit, state));
            observer?.onVisit?.(effect.visit, alert);
            remote?.onVisit(effect.visit, alert);
            return upkeep?.visit(state);
          }
        }
      },
      onRejected: (reason) => parts.log.warn({ reason }, 'subpage rejected'),
      onInput: (input) => {
        observer?.onInput?.(input);
        photos?.onInput(withOwnFrame(input));
      },
      onState: (state) => {
        photos?.onState(state);
        remote?.onState(state);
        observer?.onState?.(state);
      },
    });
    loop = running;
    if (verdicts.length > 0) tellVerdicts();
    await runGate(
      { ...parts, loop: running, subpages: reopening(keeper, sensor, parts.clock, running) },
      signal,
    );
  } finally {
    player.stop();
    photos?.release();
    stopTending.abort();
    await tending;
    await effects.settled();
    await upkeep?.settled();
  }
}

/** What keeps the gate from measuring, and what to do about it. */
function tellCondition(reason: Reason | null, log: Log): void {
  if (reason === null) log.info({}, 'the gate measures');
  else log.warn({ reason }, REASONS[reason].en);
}

/** A visitor from the cold is nothing for the log; a reading that nobody has is the equipment's. */
function tellRefused(refused: RefusedVisit, { log, observer }: GateParts): void {
  if (refused.reason === 'implausibly-hot') log.warn({ reason: refused.reason }, REASONS[refused.reason].en);
  observer?.onRefused?.(refused);
}

/** The camera's own frame is wiped as soon as it was looked at; photos hold theirs until the decision. */
function withOwnFrame(input: GateInput): GateInput {
  if (input.kind !== 'frame') return input;
  return { ...input, frame: { ...input.frame, data: input.frame.data.slice() } };
}

/** The thermal decoding that a configuration asks for. */
export function assemblerFor(
  sensor: Pick<Mlx90640, 'calibration'>,
  { thermal }: Config,
  poweredOnAtMs: number,
): ThermogramAssembler {
  return createThermogramAssembler(sensor.calibration, {
    emissivity: thermal.emissivity,
    reflectedC: thermal.reflectedC,
    mirrored: thermal.mirrored,
    poweredOnAtMs,
    warmUpMs: thermal.warmUpS * 1000,
  });
}

/** Opens the sensor, and tries for as long as it takes; null when aborted before. */
async function openSensor(
  keeper: SensorKeeper,
  { clock, log }: GateParts,
  { player, remote }: Readonly<{ player: FeedbackPlayer; remote: RemoteGate | undefined }>,
  signal: AbortSignal,
): Promise<Mlx90640 | null> {
  while (!signal.aborted) {
    try {
      return await keeper.open();
    } catch (error) {
      if (!(error instanceof SensorError) || isFinal(error)) throw error;
      log.error({ code: error.code, error: error.message }, 'thermal sensor does not open, trying again');
      player.show('out-of-service');
      remote?.sensorFails();
      await clock.sleep(OPEN_RETRY_MS, signal).catch(() => undefined);
    }
  }
  return null;
}

const FINAL: readonly SensorErrorCode[] = [
  'eeprom-invalid',
  'eeprom-changed',
  'sensor-unknown',
  'wrong-lens',
];

function isFinal({ code }: SensorError): boolean {
  return FINAL.includes(code);
}

/**
 * The sensor's subpages; asked again after a failure it opens the sensor anew. One that has lost its settings has lost
 * its supply, and warms up from then.
 */
function reopening(
  keeper: SensorKeeper,
  first: Mlx90640,
  clock: Clock,
  loop: GateLoop,
): (signal: AbortSignal) => AsyncIterable<RawSubpage> {
  let sensor: Mlx90640 | null = first;
  return async function* subpages(signal) {
    const open = sensor ?? (await keeper.open());
    sensor = null;
    if (open !== first && !open.keptSettings) loop.accept({ kind: 'power-on', atMs: clock.nowMs() });
    yield* keeper.subpages(open, signal);
  };
}
