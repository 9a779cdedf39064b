import type { Vector3 } from '../../domain/optics.ts';
import type { Random } from '../random.ts';
import type { ScenarioVisitor } from './scenario.ts';

const WALK_IN_MS = 1000;
const WALK_OFF_MS = 600;
const STAYS_MS = 8000;
const EARLY_STAYS_MS = 250;
/** From being answered to setting off, ms. */
const REACTION_MS = 400;
const FIRST_SEEN_M = 1.6;
const SWAY_M = 0.002;
const HEIGHT_SPREAD_M = 0.02;
/** Beyond the edge of every lens used here, seen from 1.6 m and from half a metre. */
const START_SIDE_M = 1.3;
/** How fast somebody goes who does not stop. */
const WALK_PAST_M_PER_MS = 0.0007;
/** Beyond this a visitor stands aside of the gate's middle. */
const ASIDE_M = 0.1;

/** One visitor's coming, standing and going. Times in ms, places in the camera's axes in metres. */
export class VisitorPath {
  readonly #visitor: ScenarioVisitor;
  readonly #from: -1 | 1;
  readonly #to: -1 | 1;
  readonly #heightM: number;
  readonly #swayPhase: readonly [number, number, number];
  readonly #gapMs: number;
  #arrivesAtMs: number;
  #dismissedAtMs = Number.POSITIVE_INFINITY;

  constructor(visitor: ScenarioVisitor, random: Random) {
    this.#visitor = visitor;
    const anySide = random.uniform() < 0.5 ? -1 : 1;
    // Those who stand aside come and leave on their own side, not through their neighbour.
    const ownSide = visitor.xM < 0 ? -1 : 1;
    const aside = Math.abs(visitor.xM) > ASIDE_M;
    this.#from = aside ? ownSide : anySide;
    this.#to = aside ? ownSide : opposite(anySide);
    this.#heightM = HEIGHT_SPREAD_M * (2 * random.uniform() - 1);
    const phase = (): number => 2 * Math.PI * random.uniform();
    this.#swayPhase = [phase(), phase(), phase()];
    this.#gapMs = 500 + 700 * random.uniform();
    this.#arrivesAtMs = visitor.arrivesAtMs ?? this.#gapMs;
  }

  /** Moves the arrival of a visitor who comes after another: that one is out of view at `goneAtMs`. */
  follow(goneAtMs: number): void {
    if (this.#visitor.arrivesAtMs === null) this.#arrivesAtMs = goneAtMs + this.#gapMs;
  }

  /** When the visitor comes into view; moves while those before are still being answered. */
  arrivesAtMs(): number {
    return this.#arrivesAtMs;
  }

  /** When the visitor begins to stand still; one who walks past is then before the gate's middle. */
  standsAtMs(): number {
    return this.arrivesAtMs() + (this.#walksPast ? START_SIDE_M / WALK_PAST_M_PER_MS : WALK_IN_MS);
  }

  get #walksPast(): boolean {
    return this.#visitor.behaviour === 'walks-past';
  }

  /** When the visitor sets off. */
  leavesAtMs(): number {
    const standsAtMs = this.standsAtMs();
    const { staysMs, behaviour } = this.#visitor;
    const patienceMs = staysMs ?? (behaviour === 'leaves-early' ? EARLY_STAYS_MS : STAYS_MS);
    return Math.min(standsAtMs + patienceMs, Math.max(standsAtMs, this.#dismissedAtMs + REACTION_MS));
  }

  goneAtMs(): number {
    if (this.#walksPast) return this.arrivesAtMs() + (2 * START_SIDE_M) / WALK_PAST_M_PER_MS;
    return this.leavesAtMs() + WALK_OFF_MS;
  }

  /** Tells the visitor that the gate has answered; only the first time counts. */
  dismiss(atMs: number): void {
    if (this.#dismissedAtMs === Number.POSITIVE_INFINITY) this.#dismissedAtMs = atMs;
  }

  /** Centre of the face; null while out of view. */
  placeAt(atMs: number): Vector3 | null {
    const arrivesAtMs = this.arrivesAtMs();
    const leavesAtMs = this.leavesAtMs();
    if (atMs < arrivesAtMs || atMs >= this.goneAtMs()) return null;
    const { xM, distanceM } = this.#visitor;
    if (this.#walksPast) {
      // Drawn looking to the left, and so going there.
      return { x: START_SIDE_M - WALK_PAST_M_PER_MS * (atMs - arrivesAtMs), y: this.#heightM, z: distanceM };
    }
    const come = ease((atMs - arrivesAtMs) / WALK_IN_MS);
    const go = Math.max(0, (atMs - leavesAtMs) / WALK_OFF_MS) ** 2;
    const sway = this.#sway(atMs);
    const endX = this.#to * (0.4 + 1.4 * distanceM);
    const startX = this.#from * START_SIDE_M;
    const stoodX = startX + (xM - startX) * come;
    return {
      x: stoodX + (endX - stoodX) * go + sway.x,
      y: this.#heightM + sway.y,
      z: FIRST_SEEN_M + (distanceM - FIRST_SEEN_M) * come + sway.z,
    };
  }

  standingAt(atMs: number): boolean {
    return !this.#walksPast && atMs >= this.standsAtMs() && atMs < this.leavesAtMs();
  }

  #sway(atMs: number): Vector3 {
    const [a, b, c] = this.#swayPhase;
    const seconds = atMs / 1000;
    return {
      x: SWAY_M * Math.sin(2 * Math.PI * 0.43 * seconds + a),
      y: SWAY_M * 0.5 * Math.sin(2 * Math.PI * 0.31 * seconds + b),
      z: SWAY_M * Math.sin(2 * Math.PI * 0.27 * seconds + c),
    };
  }
}

function opposite(side: -1 | 1): -1 | 1 {
  return side < 0 ? 1 : -1;
}

/** 0..1, starting and ending at rest. */
function ease(part: number): number {
  const t = Math.max(0, Math.min(1, part));
  return t * t * (3 - 2 * t);
}
