import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Rect } from '../domain/geometry.ts';
import type { Random } from '../simulation/random.ts';
import { parseScenario } from '../simulation/scene/scenario.ts';
import { createScene } from '../simulation/scene/scene.ts';
import { VirtualCamera } from '../simulation/virtual-camera.ts';

/** A frame of the simulated camera and where the face in it lies; null: the visitor shows none. */
export type SceneFrame = Readonly<{ frame: CameraFrame; face: Rect | null }>;

const VISITORS_PER_SCENE = 40;
const CAMERA = { width: 640, height: 480, horizontalFovDeg: 66, frameRateHz: 10 } as const;
/** Side of a drawn face, as the detector boxes it, metres. */
const FACE_SIDE_M = 0.15;
const BEHAVIOURS = ['normal', 'normal', 'turned-away', 'back-of-head', 'hand', 'warm-cup'] as const;
const NO_MOUNT = { offsetM: { x: 0, y: 0, z: 0 }, yawRad: 0, pitchRad: 0, rollRad: 0 };

/** Visitors of the simulation standing before the camera: a third show their face, masked or not, the others do not. */
export async function sceneFrames(scenes: number, random: Random): Promise<readonly SceneFrame[]> {
  const frames: SceneFrame[] = [];
  for (let scene = 0; scene < scenes; scene++) frames.push(...(await framesOfScene(random)));
  return frames;
}

async function framesOfScene(random: Random): Promise<readonly SceneFrame[]> {
  const visitors = Array.from({ length: VISITORS_PER_SCENE }, (_, index) => ({
    behaviour: BEHAVIOURS[index % BEHAVIOURS.length],
    mask: random.uniform() < 0.6 ? 'worn' : 'not-worn',
    distanceM: 0.4 + 0.8 * random.uniform(),
    xM: 0.2 * random.uniform() - 0.1,
    staysMs: 500,
  }));
  const seed = Math.floor(1e9 * random.uniform());
  const scenario = parseScenario({ visitors }, 'training scene');
  const scene = await createScene({ scenario, lens: 'BAB', mount: NO_MOUNT, seed });
  let nowMs = 0;
  const clock = {
    nowMs: () => nowMs,
    sleep: (ms: number) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
  const camera = new VirtualCamera({ clock, scene, seed, ...CAMERA });
  const pixelsPerRadian = CAMERA.width / 2 / Math.tan((CAMERA.horizontalFovDeg * Math.PI) / 360);
  const frames: SceneFrame[] = [];
  for (const { number, behaviour } of scene.visitors) {
    nowMs = Math.max(nowMs, scene.standsAtMs(number) + 100);
    const frame = await camera.capture();
    const visitor = scene.visibleAt(frame.atMs)[0];
    if (visitor === undefined) continue;
    const { x, y, z } = visitor.place;
    const side = (FACE_SIDE_M * pixelsPerRadian) / z;
    const face = {
      x: CAMERA.width / 2 + (x * pixelsPerRadian) / z - side / 2,
      y: CAMERA.height / 2 + (y * pixelsPerRadian) / z - side / 2,
      width: side,
      height: side,
    };
    frames.push({ frame, face: behaviour === 'normal' ? face : null });
  }
  return frames;
}
