import { errorsOf, type PopulationVisit, screenPopulation } from './population.ts';

/**
 * Errors of the face surface temperature over simulated visits: `npm run bench:screening [-- VISITS [REFRESH_HZ]]`.
 * Production gate over virtual sensors; only the detector is replaced by the true faces with its scatter.
 */
const visits = Number(process.argv[2] ?? 2000);
const refreshRateHz =
  process.argv[3] === undefined ? {} : { refreshRateHz: Number(process.argv[3]) as 4 | 8 | 16 };
const tty = process.stderr.isTTY;
const startedAt = performance.now();
const all = await screenPopulation(visits, refreshRateHz, (done) => {
  if (tty) process.stderr.write(`\r${done} of ${visits} visits`);
});
if (tty) process.stderr.write('\n');

const print = (name: string, of: readonly PopulationVisit[]): void => {
  if (of.length === 0) return;
  const { unread, biasC, sdC, sdWithoutDriftC, rmsUncertaintyC, within2u, decisionMs, decisionP95Ms } =
    errorsOf(of);
  const cells = [
    String(of.length),
    String(unread),
    signed(biasC),
    sdC.toFixed(3),
    sdWithoutDriftC.toFixed(3),
    rmsUncertaintyC.toFixed(3),
    (100 * within2u).toFixed(1),
    (decisionMs / 1000).toFixed(2),
    (decisionP95Ms / 1000).toFixed(2),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
};

function signed(valueC: number): string {
  return `${valueC < 0 ? '' : '+'}${valueC.toFixed(3)}`;
}

console.log(
  '| | visits | no verdict | bias | sd | sd, drift out | rms u | within 2u, % | median s | p95 s |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const lens of ['BAB', 'BAA'] as const) {
  const plain = all.filter((visit) => visit.lens === lens && !visit.visitor.glasses);
  print(`${lens}, without glasses`, plain);
  const [from, width, count] = lens === 'BAB' ? [0.4, 0.1, 4] : [0.3, 0.05, 3];
  for (let step = 0; step < count; step++) {
    const near = from + step * width;
    print(
      `${lens}, ${near.toFixed(2)} to ${(near + width).toFixed(2)} m`,
      plain.filter(({ visitor: { distanceM } }) => distanceM >= near && distanceM < near + width),
    );
  }
  print(
    `${lens}, mask`,
    plain.filter(({ visitor }) => visitor.mask === 'worn'),
  );
  print(
    `${lens}, no mask`,
    plain.filter(({ visitor }) => visitor.mask !== 'worn'),
  );
  print(
    `${lens}, fever`,
    plain.filter(({ visitor }) => (visitor.feverC ?? 0) > 0),
  );
  for (const ambientC of [18, 22, 28])
    print(
      `${lens}, room at ${ambientC} degC`,
      plain.filter((one) => one.ambientC === ambientC),
    );
  print(
    `${lens}, glasses`,
    all.filter((visit) => visit.lens === lens && visit.visitor.glasses === true),
  );
}
console.log(
  `${((performance.now() - startedAt) / 1000).toFixed(0)} s; bias, sd and u in degC, times from standing still to the answer`,
);
