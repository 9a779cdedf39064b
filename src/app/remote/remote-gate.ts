import type { Alert } from '../../domain/alert.ts';
import type { StateReport } from '../../domain/gate-report.ts';
import type { MutableBuzzer } from '../../feedback/mutable-buzzer.ts';
import type { DecidedVisit, GateState } from '../../gate/types.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RecordsState } from '../../ports/visit-records.ts';
import { isoDay } from '../../records/stored-visit.ts';
import { type Service, serviceOf } from '../service.ts';
import { createCommandHandler } from './carry-out.ts';
import { DayTally } from './day-tally.ts';
import { Mute } from './mute.ts';
import type { RemoteParts } from './remote-parts.ts';

const EVERY_MS = 1000;
/** Seldom enough that no single visit shows in the counts. */
const COUNTS_EVERY_MS = 300_000;
const HEALTH_EVERY_MS = 60_000;
/** Beyond these the oldest counts as seen. */
const MOST_OPEN_ALERTS = 1000;

/** Tells remote subscribers how a gate is, and does what they ask. */
export class RemoteGate {
  readonly #parts: RemoteParts;
  readonly #clock: Clock;
  readonly #mute: Mute;
  readonly #tally = new DayTally();
  readonly #open = new Set<string>();
  #service: Service = { service: 'warming-up', problem: null };
  #records: RecordsState['health'] = 'ok';
  #state: Pick<GateState, 'thermogram' | 'scene'> | null = null;
  /** The last state told, without its time. */
  #told = '';
  #countsDueMs = COUNTS_EVERY_MS;
  #healthDueMs = HEALTH_EVERY_MS;
  /** Whatever was told before is to be told again. */
  #newcomer: boolean = false;

  constructor(
    parts: RemoteParts,
    { clock, log, buzzer }: Readonly<{ clock: Clock; log: Log; buzzer: MutableBuzzer }>,
  ) {
    this.#parts = parts;
    this.#clock = clock;
    this.#mute = new Mute(buzzer, clock);
    parts.channel.serve({
      carryOut: createCommandHandler(
        {
          mute: (minutes) => {
            this.#mute.for(minutes);
            this.#tellState();
          },
          acknowledge: (id) => this.#acknowledge(id),
          enterCheck: parts.enterCheck,
          refresh: () => {
            this.#newcomer = true;
          },
        },
        { audit: parts.audit, clock, log },
      ),
      newcomer: () => {
        this.#newcomer = true;
      },
    });
  }

  onState(state: GateState): void {
    this.#state = state;
    this.#inService(serviceOf(state));
  }

  onVisit(visit: DecidedVisit, alert: Alert | null): void {
    this.#tally.count(this.#today(), visit);
    if (alert === null) return;
    this.#open.add(alert.id);
    const [oldest] = this.#open;
    if (this.#open.size > MOST_OPEN_ALERTS && oldest !== undefined) this.#open.delete(oldest);
    this.#tellState();
  }

  onRecords({ health }: RecordsState): void {
    this.#records = health;
    this.#tellState();
  }

  /** The thermal sensor does not open. */
  sensorFails(): void {
    this.#inService({ service: 'out-of-service', problem: 'thermal-sensor' });
  }

  /** Tells what is due, until `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const kept = await this.#parts.countsOf(this.#today()).catch(() => null);
    if (kept !== null) this.#tally.before(kept);
    this.#tellState();
    while (!signal.aborted) {
      const all = this.#newcomer;
      this.#newcomer = false;
      if (all) this.#told = '';
      // A mute may have ended.
      this.#tellState();
      const nowMs = this.#clock.nowMs();
      if (all || nowMs >= this.#countsDueMs) this.#tellCounts(nowMs);
      if (all || nowMs >= this.#healthDueMs) await this.#tellHealth(nowMs);
      await this.#clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }

  #acknowledge(id: string | null): boolean {
    const seen = id === null ? this.#open.size > 0 : this.#open.has(id);
    if (id === null) this.#open.clear();
    else this.#open.delete(id);
    this.#tellState();
    return seen;
  }

  /** At every event of the gate: only a change costs anything. */
  #inService(service: Service): void {
    if (service.service === this.#service.service && service.problem === this.#service.problem) return;
    this.#service = service;
    this.#tellState();
  }

  /** Only when something is new, so that no visitor shows in it. */
  #tellState(): void {
    const state = {
      ...this.#service,
      records: this.#records,
      mutedUntilMs: this.#mute.untilMs(),
      openAlerts: this.#open.size,
    } satisfies Omit<StateReport, 'timeMs' | 'timeTrusted'>;
    const { mutedUntilMs, ...rest } = state;
    const text = JSON.stringify({ ...rest, muted: mutedUntilMs !== null });
    if (text === this.#told) return;
    this.#told = text;
    this.#parts.channel.tellState({ ...this.#time(), ...state });
  }

  /** In storage profile 0 nothing is kept of visits, not even their number. */
  #tellCounts(nowMs: number): void {
    this.#countsDueMs = nowMs + COUNTS_EVERY_MS;
    if (this.#parts.profile() === 0) return;
    const day = this.#today();
    const counts = this.#tally.of(day);
    this.#parts.channel.tellCounts({
      ...this.#time(),
      day,
      visits: counts.visits,
      normal: counts.normal,
      recheck: counts.recheck,
      elevated: counts.elevated,
      maskWorn: counts.mask_worn,
      maskNotWorn: counts.mask_not_worn,
      maskUnsure: counts.mask_unsure,
    });
  }

  async #tellHealth(nowMs: number): Promise<void> {
    this.#healthDueMs = nowMs + HEALTH_EVERY_MS;
    const vitals = await this.#parts.machine();
    this.#parts.channel.tellHealth({
      ...this.#time(),
      ...vitals,
      softwareVersion: this.#parts.softwareVersion,
      uptimeS: nowMs / 1000,
      sensorTemperatureC: this.#state?.thermogram?.taC ?? null,
      roomTemperatureC: this.#state?.scene.surroundings.ambient?.temperatureC ?? null,
      alertsWaiting: this.#parts.alertsWaiting(),
      storageProfile: this.#parts.profile(),
    });
  }

  #time(): Readonly<{ timeMs: number; timeTrusted: boolean }> {
    const { unixMs, trusted } = this.#clock.wallTime();
    return { timeMs: unixMs, timeTrusted: trusted };
  }

  #today(): string {
    return isoDay(this.#clock.wallTime().unixMs);
  }
}
