import type { Mount, ThermalLens } from '../../domain/optics.ts';
import { seededRandom } from '../random.ts';
import type { ThermalScene } from '../thermal-scene.ts';
import { drawBackdrop } from './backdrop.ts';
import { heatMapOf } from './heat-map.ts';
import type { LedWalker } from './led-walker.ts';
import { parseScenario } from './scenario.ts';
import type { Scene } from './scene.ts';
import { createThermalView } from './thermal-view.ts';
import { Wardrobe } from './wardrobe.ts';

/** One person before both eyes of a gate, wherever they walk. */
export type WalkScene = Readonly<{ thermal: ThermalScene }> & Pick<Scene, 'visibleAt' | 'backdrop'>;

export type WalkSceneOptions = Readonly<{
  lens: ThermalLens;
  /** Where the thermal array really sits. */
  mount: Mount;
  walker: LedWalker;
  seed: number;
}>;

const MOST_OFFSET_M = 0.02;
const MOST_TURN_RAD = (5 * Math.PI) / 180;

export async function createWalkScene({ lens, mount, walker, seed }: WalkSceneOptions): Promise<WalkScene> {
  const { ambientC, visitors } = parseScenario({ visitors: [{ distanceM: 0.75 }] }, 'walk');
  const [visitor] = visitors;
  if (visitor === undefined) throw new RangeError('nobody walks');
  const sprite = await new Wardrobe(seededRandom(seed), null).dress(visitor);
  const heat = heatMapOf({
    behaviour: visitor.behaviour,
    trueTemperatureC: visitor.normalC,
    mask: visitor.mask,
    glasses: false,
  });
  const view = createThermalView(lens, mount, ambientC);
  return {
    thermal: {
      ambientC,
      render: (atMs, toC) => view.render([{ place: walker.placeAt(atMs), heat }], toC),
    },
    visibleAt: (atMs) => [{ number: 1, place: walker.placeAt(atMs), sprite }],
    backdrop: await drawBackdrop(),
  };
}

/** A mount that somebody built not quite as configured: off by up to 20 mm and 5 degrees, each way. */
export function misplacedMount(mount: Mount, seed: number): Mount {
  const random = seededRandom(seed);
  const off = (most: number): number => most * (2 * random.uniform() - 1);
  const { offsetM, yawRad, pitchRad, rollRad } = mount;
  return {
    offsetM: {
      x: offsetM.x + off(MOST_OFFSET_M),
      y: offsetM.y + off(MOST_OFFSET_M),
      z: offsetM.z + off(MOST_OFFSET_M),
    },
    yawRad: yawRad + off(MOST_TURN_RAD),
    pitchRad: pitchRad + off(MOST_TURN_RAD),
    rollRad: rollRad + off(MOST_TURN_RAD),
  };
}
