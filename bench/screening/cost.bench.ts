import { bench, describe } from 'vitest';
import { nothingSeen, watchScene } from '../../src/gate/scene-watch.ts';
import { judge } from '../../src/screening/decision.ts';
import { addThermogram, startSamples } from '../../src/screening/face-samples.ts';
import { faceTemperature } from '../../src/screening/face-temperature.ts';
import { learnVisitor, noLevel, normalNow } from '../../src/screening/normal-level.ts';
import { faceOf, someParams, thermogramOf } from '../../test/support/gate-world.ts';

// What screening costs on top of decoding: the scene at every subpage, the face at every subpage while somebody is
// measured. At 8 Hz there are 125 ms for all of it.
describe('screening, a subpage', () => {
  const params = someParams();
  const conditions = { ...params.conditions, reference: { temperatureC: 36 } };
  const person = { x: 0, distanceM: 0.45, faceC: 35 };
  const thermogram = thermogramOf([person], 1000);
  const region = params.locate(faceOf(person));
  if (region === null) throw new Error('the face has no place');
  const still = Array.from({ length: 8 }, (_, subpage) => thermogramOf([person], 125 * subpage));
  const samples = still.reduce((before, one) => addThermogram(before, one), startSamples(region, 0));
  const level = Array.from({ length: 40 }, (_, visitor) => 35 + 0.3 * Math.sin(visitor)).reduce(
    (before, readC, visitor) => learnVisitor(before, readC, { atMs: visitor * 1e4, ambientC: 22 }, 36.4),
    noLevel,
  );
  const verdicts = Array.from({ length: 200 }, (_, one) => ({
    aboveNormalC: one / 100,
    confirmed: one % 2 === 0,
  }));

  bench('watch the scene: presence, room, hot things', () => {
    watchScene(nothingSeen, thermogram, true, params);
  });
  bench('the same, looking for a reference', () => {
    watchScene(nothingSeen, thermogram, false, { ...params, conditions });
  });
  bench('add to the samples of a face', () => {
    addThermogram(samples, thermogram, region);
  });
  bench('temperature and uncertainty of a face at 0.45 m', () => {
    faceTemperature(samples, params.thermometry);
  });
  bench('what is normal now, and the decision with 200 verdicts', () => {
    const normal = normalNow(level, { atMs: 1e6, ambientC: 22 });
    judge({ temperatureC: 35.4, uncertaintyC: 0.15 }, normal, params.decision, verdicts);
  });
});
