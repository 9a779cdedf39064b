import type { Mount, ThermalLens, Vector3 } from '../../domain/optics.ts';
import { seededRandom } from '../random.ts';
import type { ThermalScene } from '../thermal-scene.ts';
import { type Backdrop, drawBackdrop } from './backdrop.ts';
import { discHeat, type HeatMap, heatMapOf } from './heat-map.ts';
import type { PhotoLooks } from './photo-looks.ts';
import type { Behaviour, Scenario, ScenarioVisitor } from './scenario.ts';
import type { Sprite } from './sprite.ts';
import { createThermalView, type WarmBody } from './thermal-view.ts';
import { VisitorPath } from './visitor.ts';
import { Wardrobe } from './wardrobe.ts';

/** From this on a temperature above one's own normal is a fever, degC. */
const FEVER_C = 1.5;

/** What is true of one visitor. */
export type SceneVisitor = Readonly<{
  /** From 1, in the scenario's order. */
  number: number;
  /** At the inner eye corners, degC. */
  trueTemperatureC: number;
  fever: boolean;
  mask: 'worn' | 'not-worn';
  /** While standing, metres. */
  distanceM: number;
  behaviour: Behaviour;
  /** Shows a living face long enough. */
  measurable: boolean;
}>;

/** A visitor in view; distance in metres at that moment. */
export type VisitorInView = Readonly<{ number: number; distanceM: number; standing: boolean }>;

/** What a camera needs of a visitor in view. */
export type VisibleVisitor = Readonly<{
  number: number;
  /** Centre of the face in the camera's axes, metres. */
  place: Vector3;
  sprite: Sprite;
}>;

/** Everybody who comes to a simulated gate, seen by both its eyes. */
export interface Scene {
  readonly thermal: ThermalScene;
  readonly visitors: readonly SceneVisitor[];
  /** When that visitor begins to stand still, ms; moves while those before are being answered. */
  standsAtMs(number: number): number;
  /** Nearest first. */
  inViewAt(atMs: number): readonly VisitorInView[];
  /** What the camera sees when nobody is there. */
  readonly backdrop: Backdrop;
  /** Nearest first, with what they look like. */
  visibleAt(atMs: number): readonly VisibleVisitor[];
  /** The gate has answered that visitor, who leaves 0.4 s later. */
  dismiss(number: number, atMs: number): void;
  /** When the last visitor is out of view, ms; moves as visitors are dismissed. */
  endMs(): number;
}

export type SceneOptions = Readonly<{
  scenario: Scenario;
  lens: ThermalLens;
  mount: Mount;
  seed: number;
  /** Photos instead of drawn faces. */
  photos?: PhotoLooks;
  /** Everybody looks like the first one: where nobody looks at pictures, drawing them is most of the cost. */
  lookAlike?: boolean;
}>;

type Actor = Readonly<{ truth: SceneVisitor; path: VisitorPath; sprite: Sprite; visitor: ScenarioVisitor }>;
type Present = Readonly<{ actor: Actor; place: Vector3 }>;

/** Draws the visitors and prepares both views. The same options give the same scene. */
export async function createScene(options: SceneOptions): Promise<Scene> {
  const { scenario, lens, mount, seed, photos } = options;
  const random = seededRandom(seed);
  const wardrobe = new Wardrobe(random.fork(), photos ?? null);
  const paths = random.fork();
  const [first] = scenario.visitors;
  const uniform = options.lookAlike && first !== undefined ? await wardrobe.dress(first) : null;
  const actors = await Promise.all(
    scenario.visitors.map(async (visitor, index): Promise<Actor> => {
      const path = new VisitorPath(visitor, paths);
      return {
        truth: truthOf(visitor, index + 1),
        path,
        sprite: uniform ?? (await wardrobe.dress(visitor)),
        visitor,
      };
    }),
  );
  schedule(actors);
  const view = createThermalView(lens, mount, scenario.ambientC);
  const heat = heatKeeper();
  const warmThings = scenario.things.map((thing) => ({
    place: { x: thing.xM, y: thing.yM, z: thing.distanceM },
    heat: discHeat(thing.radiusM, thing.temperatureC),
    from: thing.fromMs,
    until: thing.untilMs ?? Number.POSITIVE_INFINITY,
  }));
  const backdrop = await drawBackdrop();

  return {
    thermal: {
      ambientC: scenario.ambientC,
      ambientSlopeCPerMinute: scenario.ambientSlopeCPerMinute,
      render(atMs, toC) {
        const present = presentAt(actors, atMs);
        const people = present.map(({ actor, place }) => ({ place, heat: heat(actor, present) }));
        const things = warmThings.filter(({ from, until }) => atMs >= from && atMs < until);
        view.render(nearestFirst([...people, ...things]), toC);
      },
    },
    backdrop,
    visitors: actors.map(({ truth }) => truth),
    standsAtMs: (number) => actorOf(actors, number).path.standsAtMs(),
    inViewAt: (atMs) =>
      presentAt(actors, atMs).map(({ actor, place }) => ({
        number: actor.truth.number,
        distanceM: Math.hypot(place.x, place.y, place.z),
        standing: actor.path.standingAt(atMs),
      })),
    visibleAt: (atMs) =>
      presentAt(actors, atMs).map(({ actor, place }) => ({
        number: actor.truth.number,
        place,
        sprite: actor.sprite,
      })),
    dismiss(number, atMs) {
      actorOf(actors, number).path.dismiss(atMs);
      schedule(actors);
    },
    endMs: () => actors.reduce((latest, { path }) => Math.max(latest, path.goneAtMs()), 0),
  };
}

function nearestFirst(bodies: readonly WarmBody[]): readonly WarmBody[] {
  return bodies.toSorted((a, b) => a.place.z - b.place.z);
}

function truthOf(visitor: ScenarioVisitor, number: number): SceneVisitor {
  const { normalC, feverC, mask, distanceM, behaviour } = visitor;
  return {
    number,
    trueTemperatureC: normalC + feverC,
    fever: feverC >= FEVER_C,
    mask: mask === 'worn' ? 'worn' : 'not-worn',
    distanceM,
    behaviour,
    measurable: behaviour === 'normal',
  };
}

/** Lets everybody without an arrival of their own follow those before, once all of them are out of view. */
function schedule(actors: readonly Actor[]): void {
  let goneAtMs = 0;
  for (const { path } of actors) {
    path.follow(goneAtMs);
    goneAtMs = Math.max(goneAtMs, path.goneAtMs());
  }
}

function presentAt(actors: readonly Actor[], atMs: number): Present[] {
  return actors
    .flatMap((actor) => {
      const place = actor.path.placeAt(atMs);
      return place === null ? [] : [{ actor, place }];
    })
    .sort((a, b) => a.place.z - b.place.z);
}

/** Heat maps of those in view only: each is surveyed when first seen and dropped with its visitor. */
function heatKeeper(): (actor: Actor, present: readonly Present[]) => HeatMap {
  const kept = new Map<Actor, HeatMap>();
  return (actor, present) => {
    const known = kept.get(actor);
    if (known !== undefined) return known;
    for (const old of kept.keys()) if (!present.some((one) => one.actor === old)) kept.delete(old);
    const { trueTemperatureC } = actor.truth;
    const { behaviour, mask, glasses } = actor.visitor;
    const made = heatMapOf({ behaviour, trueTemperatureC, mask, glasses: glasses ?? false });
    kept.set(actor, made);
    return made;
  };
}

function actorOf(actors: readonly Actor[], number: number): Actor {
  const actor = actors[number - 1];
  if (actor === undefined) throw new RangeError(`there is no visitor ${number}`);
  return actor;
}
