import { createScene } from '../simulation/scene/scene.ts';
import { parseScenario } from '../simulation/scene/scenario.ts';
import { gateParamsOf, mountOf } from '../app/gate-params.ts';
import { configSchema } from '../config/schema.ts';
import { pinholeOptics } from '../domain/optics.ts';
import { startSamples, addThermogram } from '../screening/face-samples.ts';
import { faceTemperature } from '../screening/face-temperature.ts';
import { seededRandom } from '../simulation/random.ts';
const lens = (process.argv[2] ?? 'BAB') as 'BAB';
const noise = Number(process.argv[3] ?? 0);
const config = configSchema.parse({ thermal: { lens } });
const params = gateParamsOf(config);
const cam = pinholeOptics(640, 480, 62.2);
const th = { spotSizeLossC: [[6, 0]] as const, systematicUncertaintyC: 0.1 };
const dists = lens === 'BAB' ? [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0] : [0.3, 0.35, 0.4, 0.45, 0.5, 0.6];
const trials = noise ? 30 : 6;
for (const d of dists) {
  const row: string[] = [];
  for (const [mask, fever] of [['not-worn', 0], ['worn', 0], ['not-worn', 2], ['worn', 2]] as const) {
    const errs: number[] = []; let w = 0, u = 0;
    for (let t = 0; t < trials; t++) {
      const scene = await createScene({ scenario: parseScenario({ visitors: [{ distanceM: Math.max(.3, d), xM: (t % 6) * 0.005, mask, feverC: fever }] }, 's'), lens, mount: mountOf(config), seed: t });
      const rnd = seededRandom(t + 1);
      const at = scene.standsAtMs(1) + 1500;
      const c = { x: (t % 6) * 0.005, y: 0, z: d };
      const p = (dx: number, dy: number) => cam.project({ x: c.x + dx, y: c.y + dy, z: c.z });
      const a = p(-.075, -.075), b = p(.075, .085);
      const region = params.locate({ box: { x: a.x, y: a.y, width: b.x - a.x, height: b.y - a.y }, score: 1, keyPoints: [p(-.032, -.02), p(.032, -.02), p(0, .025)] })!;
      let s = startSamples(region, 0);
      const buf = new Float64Array(768);
      for (let k = 0; k < 8; k++) { scene.thermal.render(at + k * 125, buf); const toC = Float32Array.from(buf, (v) => v + noise * rnd.normal()); s = addThermogram(s, { atMs: k * 125, subpage: (k % 2) as 0, mirrored: false, toC, interpolated: new Uint8Array(768), taC: 30, vddV: 3.3, settled: true }); }
      const r = faceTemperature(s, region, th); w = region.face.width;
      if (r.kind === 'reading') { errs.push(r.reading.temperatureC - scene.visitors[0]!.trueTemperatureC); u = r.reading.uncertaintyC; } else row.push(r.reason);
    }
    const m = errs.reduce((x, y) => x + y, 0) / errs.length, sd = Math.sqrt(errs.reduce((x, y) => x + (y - m) ** 2, 0) / errs.length);
    row.push(`${mask === 'worn' ? 'M' : '-'}${fever}: ${m.toFixed(2)}+-${sd.toFixed(2)} u${u.toFixed(2)}`);
    if (fever === 2 && mask === 'worn') row.push('w=' + w.toFixed(1));
  }
  console.log(d, row.join(' | '));
}
