import type { Clock } from '../../ports/clock.ts';
import type { RawSubpage } from './raw-subpage.ts';
import { createReadyPrediction } from './ready-prediction.ts';
import type { RegisterAccess } from './register-access.ts';
import { RAM_WORDS, REGISTER, STATUS, SUBPAGE_WORDS, subpagePeriodMs, WORD } from './registers.ts';
import { SensorError } from './sensor-error.ts';

/** How reading went so far. */
export type SensorStatistics = Readonly<{
  /** Subpages handed out. */
  delivered: number;
  /** Subpages dropped because the sensor overwrote them while they were read. */
  torn: number;
  /** Subpages that came and went unread, judged by time. */
  missed: number;
  /** Transfers repeated after a bus error. */
  retries: number;
}>;

/** Timers wake no earlier than asked, so they are asked so much before a subpage should be ready, ms. */
const WAKE_EARLY_MS = 1;
/** For so long around that instant the sensor is asked every millisecond, ms; after it, less often. */
const EAGER_MS = 8;
const EAGER_POLL_MS = 1;
/** Periods without a new subpage until the sensor counts as stopped. */
const DEADLINE_PERIODS = 3;
/** How often the control register is read again at least, ms. */
const CONTROL_CHECK_MS = 1000;
/** A pause of so many periods is one in which the sensor may have restarted. */
const PAUSE_PERIODS = 1.5;
/** Torn subpages in a row until the bus counts as too slow. */
const MOST_TORN_IN_A_ROW = 16;

/** What the reader must know of the set-up. */
export type ReaderSetUp = Readonly<{
  /** Control word that the sensor was given. */
  control: number;
  /** Subpages to drop first, until new settings are in effect. */
  discard: number;
  /** The longest period that may still be running when reading starts, ms. */
  firstPeriodMs: number;
}>;

/** Reads subpages one after the other. */
export interface SubpageReader {
  readonly statistics: SensorStatistics;
  /** Drops what waits in the sensor: the next subpage is one that became ready from now on. */
  start(signal?: AbortSignal): Promise<void>;
  /** The next intact subpage. */
  next(signal?: AbortSignal): Promise<RawSubpage>;
}

export function createSubpageReader(
  registers: RegisterAccess,
  clock: Clock,
  setUp: ReaderSetUp,
): SubpageReader {
  const periodMs = subpagePeriodMs(setUp.control);
  const pollMs = Math.min(5, Math.max(2, periodMs / 25));
  const counts = { delivered: 0, torn: 0, missed: 0 };
  let toDiscard = setUp.discard;
  const prediction = createReadyPrediction(periodMs);
  let lastReadyMs: number | null = null;
  let controlCheckedMs = clock.nowMs();

  /** Latest time for the next subpage; a caller who was away for long still gets a whole span from now. */
  const deadlineFrom = (nowMs: number): number => {
    const slowestMs = toDiscard > 0 ? Math.max(periodMs, setUp.firstPeriodMs) : periodMs;
    const fromMs = Math.max(lastReadyMs ?? nowMs, nowMs - periodMs);
    return fromMs + DEADLINE_PERIODS * slowestMs;
  };

  const untilReady = async (signal?: AbortSignal): Promise<Readonly<{ subpage: number; atMs: number }>> => {
    const deadlineMs = deadlineFrom(clock.nowMs());
    const expectedMs = prediction.nextMs ?? clock.nowMs();
    const asleepMs = expectedMs - WAKE_EARLY_MS - clock.nowMs();
    if (asleepMs > 0) await clock.sleep(asleepMs, signal);
    for (let notYetMs: number | null = null; ; ) {
      const askedMs = clock.nowMs();
      const status = await readStatus(registers, signal);
      const atMs = clock.nowMs();
      if (status.newData && status.subpage <= 1) {
        prediction.found(atMs, notYetMs);
        return { subpage: status.subpage, atMs };
      }
      if (atMs >= deadlineMs) {
        throw new SensorError(
          'data-timeout',
          `no new subpage for ${DEADLINE_PERIODS} periods of ${periodMs} ms`,
        );
      }
      notYetMs = askedMs;
      await clock.sleep(atMs < expectedMs + EAGER_MS ? EAGER_POLL_MS : pollMs, signal);
    }
  };

  const countMissed = (atMs: number): void => {
    if (lastReadyMs !== null) counts.missed += Math.max(0, Math.round((atMs - lastReadyMs) / periodMs) - 1);
    lastReadyMs = atMs;
  };

  /** A sensor that restarted is silent for half a second and has its power-on settings. */
  const mayHaveRestarted = (atMs: number): boolean =>
    atMs - controlCheckedMs >= CONTROL_CHECK_MS ||
    (lastReadyMs !== null && atMs - lastReadyMs > PAUSE_PERIODS * periodMs);

  /** One subpage, or null when the sensor overwrote it meanwhile. */
  const attempt = async (signal?: AbortSignal): Promise<RawSubpage | null> => {
    const { subpage, atMs } = await untilReady(signal);
    if (mayHaveRestarted(atMs)) {
      await expectControl(registers, setUp.control, signal);
      controlCheckedMs = atMs;
    }
    // Cleared before reading, so that new data seen afterwards is newer than what was read.
    await registers.write(REGISTER.status, STATUS.clear, signal);
    const ram = await registers.read(REGISTER.ram, RAM_WORDS, signal);
    const after = await readStatus(registers, signal);
    countMissed(atMs);
    if (after.newData || after.subpage !== subpage) return null;
    const words = new Uint16Array(SUBPAGE_WORDS);
    words.set(ram);
    words[WORD.control] = setUp.control;
    words[WORD.subpage] = subpage;
    return { words, atMs };
  };

  return {
    get statistics() {
      return { ...counts, retries: registers.retries };
    },
    async start(signal) {
      lastReadyMs = null;
      prediction.restart();
      await registers.write(REGISTER.status, STATUS.clear, signal);
    },
    async next(signal) {
      for (let torn = 0; torn < MOST_TORN_IN_A_ROW; ) {
        const raw = await attempt(signal);
        if (raw === null) {
          counts.torn++;
          torn++;
        } else if (toDiscard > 0) {
          toDiscard--;
        } else {
          counts.delivered++;
          return raw;
        }
      }
      throw new SensorError(
        'bus-too-slow',
        `${MOST_TORN_IN_A_ROW} subpages in a row were overwritten while being read; lower the refresh rate or raise the bus clock`,
      );
    },
  };
}

async function readStatus(
  registers: RegisterAccess,
  signal?: AbortSignal,
): Promise<Readonly<{ newData: boolean; subpage: number }>> {
  const [status = 0] = await registers.read(REGISTER.status, 1, signal);
  return { newData: (status & STATUS.newData) !== 0, subpage: status & STATUS.subpageMask };
}

async function expectControl(
  registers: RegisterAccess,
  expected: number,
  signal?: AbortSignal,
): Promise<void> {
  const [found = 0] = await registers.read(REGISTER.control, 1, signal);
  if (found === expected) return;
  throw new SensorError(
    'sensor-reset',
    `control register is 0x${found.toString(16)}, was set to 0x${expected.toString(16)}: the sensor restarted`,
  );
}
