import { describe, expect, test } from 'vitest';
import { gateParamsOf, mountOf } from '../../src/app/gate-params.ts';
import { configSchema } from '../../src/config/schema.ts';
import { pinholeOptics, type ThermalLens } from '../../src/domain/optics.ts';
import { addThermogram, startSamples } from '../../src/screening/face-samples.ts';
import { faceTemperature } from '../../src/screening/face-temperature.ts';
import { parseScenario } from '../../src/simulation/scene/scenario.ts';
import { createScene } from '../../src/simulation/scene/scene.ts';
import { trueFace } from '../../src/simulation/true-faces.ts';

/** Reading less truth, degC, of a face that both sensors see without noise. */
async function errorC(
  lens: ThermalLens,
  distanceM: number,
  mask: 'worn' | 'not-worn',
  feverC: number,
): Promise<number> {
  const config = configSchema.parse({ thermal: { lens } });
  const params = gateParamsOf(config);
  const scenario = parseScenario({ visitors: [{ distanceM, mask, feverC }] }, 'test');
  const scene = await createScene({ scenario, lens, mount: mountOf(config), seed: 1 });
  const camera = pinholeOptics(config.camera.width, config.camera.height, config.camera.horizontalFovDeg);
  const region = params.locate(trueFace({ x: 0, y: 0, z: distanceM }, mask === 'worn', camera));
  if (region === null) throw new Error('the face has no place');
  const seenC = new Float64Array(768);
  let samples = startSamples(region, 0);
  for (let subpage = 0; subpage < 8; subpage++) {
    scene.thermal.render(scene.standsAtMs(1) + 1000 + 125 * subpage, seenC);
    samples = addThermogram(samples, {
      atMs: 125 * subpage,
      subpage: subpage % 2 === 0 ? 0 : 1,
      mirrored: false,
      toC: Float32Array.from(seenC),
      interpolated: new Uint8Array(768),
      taC: 30,
      vddV: 3.3,
      settled: true,
    });
  }
  const found = faceTemperature(samples, { ...params.thermometry, sampleNoiseC: 0 }, mask);
  if (found.kind === 'none') throw new Error(found.reason);
  return found.reading.temperatureC - (scene.visitors[0]?.trueTemperatureC ?? Number.NaN);
}

describe('a face without noise', () => {
  test.each([
    ['BAB', [0.4, 0.55, 0.7, 0.85]],
    ['BAA', [0.3, 0.4]],
  ] as const)(
    'reads what its hottest spot is, near and far, masked and bare, healthy and feverish (%s)',
    async (lens, distancesM) => {
      for (const distanceM of distancesM) {
        for (const mask of ['worn', 'not-worn'] as const) {
          for (const feverC of [0, 2.5]) {
            const error = await errorC(lens, distanceM, mask, feverC);
            expect(Math.abs(error), `${distanceM} m, mask ${mask}, fever ${feverC}: ${error}`).toBeLessThan(
              0.08,
            );
          }
        }
      }
    },
  );
});
