import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CameraFrame } from '../../../src/domain/camera-frame.ts';
import type { Point } from '../../../src/domain/geometry.ts';
import { type Mount, pinholeOptics, thermalOptics, toThermalAxes } from '../../../src/domain/optics.ts';
import {
  generateScenario,
  loadScenario,
  parseScenario,
  type ScenarioInput,
} from '../../../src/simulation/scene/scenario.ts';
import { createScene, type Scene } from '../../../src/simulation/scene/scene.ts';
import { drawSprite } from '../../../src/simulation/scene/sprite.ts';
import { VirtualCamera } from '../../../src/simulation/virtual-camera.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { createVirtualLines } from '../../../src/simulation/virtual-lines.ts';

const STRAIGHT: Mount = { offsetM: { x: 0.02, y: 0, z: 0 }, yawRad: 0, pitchRad: 0, rollRad: 0 };
const TURNED: Mount = {
  offsetM: { x: 0.03, y: -0.02, z: 0.01 },
  yawRad: -0.08,
  pitchRad: 0.06,
  rollRad: 0.1,
};
const SIZE = { width: 640, height: 480, horizontalFovDeg: 62.2 };

function sceneOf(
  visitors: ScenarioInput['visitors'],
  options: Partial<Parameters<typeof createScene>[0]> = {},
) {
  const scenario = parseScenario({ visitors }, 'test');
  return createScene({ scenario, lens: 'BAB', mount: STRAIGHT, seed: 7, ...options });
}

/** A clock that jumps over every sleep. */
function jumpingClock(startMs = 0) {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    sleep: (ms: number) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

function cameraBefore(scene: Pick<Scene, 'visibleAt' | 'backdrop'>, startMs: number): VirtualCamera {
  return new VirtualCamera({ clock: jumpingClock(startMs), scene, ...SIZE, frameRateHz: 20, seed: 1 });
}

function thermogram(scene: Scene, atMs: number): Float64Array {
  const toC = new Float64Array(768);
  scene.thermal.render(atMs, toC);
  return toC;
}

/** Centre of mass of what is above `floor`. */
function centroid(values: ArrayLike<number>, width: number, floor: number): Point {
  let [sum, x, y] = [0, 0, 0];
  for (let index = 0; index < values.length; index++) {
    const weight = Math.max(0, (values[index] ?? 0) - floor);
    sum += weight;
    x += weight * ((index % width) + 0.5);
    y += weight * (Math.floor(index / width) + 0.5);
  }
  return { x: x / sum, y: y / sum };
}

describe('scene', () => {
  test('is the same for the same seed, another for another', async () => {
    const look = async (seed: number): Promise<[Float64Array, CameraFrame]> => {
      const scene = await sceneOf([{ distanceM: 0.6, arrivesAtMs: 0 }], { seed });
      return [thermogram(scene, 2000), await cameraBefore(scene, 2000).capture()];
    };
    const [first, same, other] = [await look(1), await look(1), await look(2)];
    expect(same).toEqual(first);
    expect(other[0]).not.toEqual(first[0]);
  });

  test.each([
    ['BAB', STRAIGHT],
    ['BAB', TURNED],
    ['BAA', TURNED],
  ] as const)('shows warmth where the optics say (%s)', async (lens, mount) => {
    const scene = await sceneOf([{ distanceM: 0.6, xM: 0.03, arrivesAtMs: 0, behaviour: 'warm-cup' }], {
      lens,
      mount,
    });
    const place = scene.visibleAt(2000).at(0)?.place ?? { x: 0, y: 0, z: 0 };
    // The cup's own middle lies 4 mm below the centre of the face.
    const expected = thermalOptics(lens).project(toThermalAxes({ ...place, y: place.y + 0.004 }, mount));
    const seen = centroid(thermogram(scene, 2000), 32, 34);
    expect(Math.hypot(seen.x - expected.x, seen.y - expected.y)).toBeLessThan(0.5);
  });

  test('a face is warm in its middle, hottest at the eyes, and stands before the wall', async () => {
    const scene = await sceneOf([{ distanceM: 0.5, arrivesAtMs: 0, normalC: 35, feverC: 2 }]);
    const toC = thermogram(scene, 2000);
    const place = scene.visibleAt(2000).at(0)?.place ?? { x: 0, y: 0, z: 0 };
    const middle = thermalOptics('BAB').project(toThermalAxes(place, STRAIGHT));
    expect(Math.abs(centroid(toC, 32, 34.5).x - middle.x)).toBeLessThan(0.5);
    const hottest = toC.indexOf(Math.max(...toC));
    expect(toC[hottest]).toBeGreaterThan(36.5);
    expect(toC[hottest]).toBeLessThan(37);
    expect(Math.floor(hottest / 32) + 0.5).toBeLessThan(middle.y);
    expect(toC[31]).toBeCloseTo(22, 0);
  });

  test('glasses and a mask hide warmth', async () => {
    const hottest = async (extra: object): Promise<number> =>
      Math.max(...thermogram(await sceneOf([{ distanceM: 0.5, arrivesAtMs: 0, ...extra }]), 2000));
    const bare = await hottest({});
    expect(await hottest({ glasses: true })).toBeLessThan(bare - 0.1);
    expect(await hottest({ mask: 'worn' })).toBeCloseTo(bare, 1);
    expect(await hottest({ behaviour: 'photo' })).toBeLessThan(33);
  });

  test('tells the truth in order, nearest in view first', async () => {
    const scene = await sceneOf([
      { distanceM: 0.8, xM: -0.2, arrivesAtMs: 0, feverC: 1.5 },
      { distanceM: 0.6, xM: 0.2, arrivesAtMs: 0, mask: 'worn' },
      { distanceM: 0.6, behaviour: 'hand' },
    ]);
    expect(
      scene.visitors.map(({ number, fever, mask, measurable }) => [number, fever, mask, measurable]),
    ).toEqual([
      [1, true, 'not-worn', true],
      [2, false, 'worn', true],
      [3, false, 'not-worn', false],
    ]);
    expect(scene.inViewAt(2000).map(({ number, standing }) => [number, standing])).toEqual([
      [2, true],
      [1, true],
    ]);
    expect(scene.inViewAt(500).every(({ standing }) => !standing)).toBe(true);
  });

  test('a dismissed visitor leaves, and the next comes sooner', async () => {
    const scene = await sceneOf([{ distanceM: 0.6, arrivesAtMs: 0 }, { distanceM: 0.6 }]);
    const [nextAtMs, endMs] = [scene.standsAtMs(2), scene.endMs()];
    scene.dismiss(1, 2000);
    expect(scene.inViewAt(2399).at(0)?.standing).toBe(true);
    expect(scene.inViewAt(2400).at(0)?.standing).toBe(false);
    expect(scene.inViewAt(3000)).toEqual([]);
    expect(nextAtMs - scene.standsAtMs(2)).toBeCloseTo(1000 + 8000 - 2400);
    expect(scene.endMs()).toBeLessThan(endMs);
    const later = scene.standsAtMs(2);
    scene.dismiss(1, 5000);
    expect(scene.standsAtMs(2)).toBe(later);
  });

  test('answers about no one who does not exist', async () => {
    const scene = await sceneOf([{ distanceM: 0.6 }]);
    expect(() => scene.standsAtMs(2)).toThrow('no visitor 2');
  });
});

describe('virtual camera', () => {
  test('shows a visitor where the lens puts them', async () => {
    const { backdrop } = await sceneOf([{ distanceM: 0.6 }]);
    const black = { ...backdrop, data: new Uint8Array(backdrop.data.length) };
    const sprite = await drawSprite('<rect x="-50" y="-50" width="100" height="100" fill="#fff"/>');
    const place = { x: 0.05, y: -0.03, z: 0.7 };
    const scene = { backdrop: black, visibleAt: () => [{ number: 1, place, sprite }] };
    const { data } = await cameraBefore(scene, 0).capture();
    const expected = pinholeOptics(640, 480, 62.2).project(place);
    const seen = centroid(data.subarray(0, 640 * 480), 640, 20);
    expect(Math.abs(seen.x - expected.x)).toBeLessThan(0.5);
    expect(Math.abs(seen.y - expected.y)).toBeLessThan(0.5);
  });

  test('hands out each frame once, drops what nobody asked for', async () => {
    const scene = await sceneOf([{ distanceM: 0.6 }]);
    const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
    const camera = new VirtualCamera({ clock, scene, ...SIZE, frameRateHz: 20, seed: 1 });
    const times: number[] = [];
    const take = async (): Promise<void> => {
      for (let count = 0; count < 3; count++) times.push((await camera.capture()).atMs);
      await clock.sleep(130);
      for (let count = 0; count < 2; count++) times.push((await camera.capture()).atMs);
    };
    await clock.run(take());
    expect(times).toEqual([0, 50, 100, 200, 250]);
    await camera.close();
    await expect(camera.capture()).rejects.toThrow('closed');
  });
});

describe('scenario', () => {
  test('names the field at fault', async () => {
    expect(() => parseScenario({ visitors: [{ distanceM: 9 }] }, 'a.json')).toThrow(
      /a\.json: visitors\[0\]\.distanceM/,
    );
    expect(() => parseScenario({ visitors: [{ distanceM: 1, hat: 1 }] }, 'a.json')).toThrow(
      /visitors\[0\].*hat/,
    );
    expect(() => parseScenario({ visitors: [{ distanceM: 1, skin: 'red' }] }, 'a.json')).toThrow(
      /skin: a colour like/,
    );
    expect(() => parseScenario([], 'a.json')).toThrow(/a\.json: file/);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scenario-'));
    const file = path.join(folder, 'broken.json');
    await writeFile(file, '{');
    await expect(loadScenario(file)).rejects.toThrow(file);
    await rm(folder, { recursive: true });
  });

  test.each(['door', 'tricks', 'crowd', 'hidden', 'no-face', 'poster'])(
    'config/scenarios/%s.json is one',
    async (name) => {
      const { visitors } = await loadScenario(`config/scenarios/${name}.json`);
      expect(visitors.some(({ behaviour }) => behaviour === 'normal')).toBe(true);
    },
  );

  test('generates the asked mix', () => {
    const { visitors } = generateScenario({ visits: 2000, seed: 5 });
    const share = (of: (visitor: (typeof visitors)[number]) => boolean): number =>
      visitors.filter(of).length / 2000;
    expect(share(({ mask }) => mask === 'worn')).toBeCloseTo(0.7, 1);
    expect(share(({ feverC }) => feverC >= 1.5)).toBeCloseTo(0.15, 1);
    expect(generateScenario({ visits: 3, seed: 5 }).visitors).toEqual(visitors.slice(0, 3));
  });
});

test('virtual lines remember changes only', () => {
  let nowMs = 0;
  const lines = createVirtualLines({ nowMs: () => nowMs });
  lines.red.set(false);
  lines.green.set(true);
  nowMs = 20;
  lines.green.set(true);
  lines.buzzer.tone(880);
  lines.green.set(false);
  expect(lines.edges).toEqual([
    { atMs: 0, line: 'green', value: true },
    { atMs: 20, line: 'buzzer', value: 880 },
    { atMs: 20, line: 'green', value: false },
  ]);
  expect(lines.shown()).toEqual({ red: false, yellow: false, green: false, toneHz: 880 });
});
