import { writeFile } from 'node:fs/promises';
import { sweep } from '../../test/support/sweep.ts';

/** The plot of docs/accuracy.md: `npm run plots:accuracy`. */
const WIDTH = 640;
const HEIGHT = 420;
const MARGIN = 56;
const FROM_C = 32.5;
const TO_C = 41.5;

const across = (valueC: number): number =>
  MARGIN + ((valueC - FROM_C) / (TO_C - FROM_C)) * (WIDTH - 2 * MARGIN);
const up = (valueC: number): number =>
  HEIGHT - MARGIN - ((valueC - FROM_C) / (TO_C - FROM_C)) * (HEIGHT - 2 * MARGIN);

const { points, slope, offsetC, largestDeviationC } = await sweep();
const ticks = [33, 35, 37, 39, 41]
  .map(
    (valueC) =>
      `<text x="${across(valueC)}" y="${HEIGHT - MARGIN + 18}" text-anchor="middle">${valueC}</text>` +
      `<text x="${MARGIN - 8}" y="${up(valueC) + 4}" text-anchor="end">${valueC}</text>` +
      `<path d="M${across(valueC)} ${MARGIN}V${HEIGHT - MARGIN}M${MARGIN} ${up(valueC)}H${WIDTH - MARGIN}" stroke="#ddd"/>`,
  )
  .join('\n');
const dots = points
  .map(({ trueC, readC }) => `<circle cx="${across(trueC).toFixed(1)}" cy="${up(readC).toFixed(1)}" r="3"/>`)
  .join('\n');
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
${ticks}
<path d="M${across(33)} ${up(33)}L${across(41)} ${up(41)}" stroke="#888" stroke-dasharray="5 4"/>
<g fill="#b2182b">
${dots}
</g>
<text x="${WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle">true temperature at the inner eye corners, degC</text>
<text x="16" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 16 ${HEIGHT / 2})">reading, degC</text>
<text x="${WIDTH / 2}" y="28" text-anchor="middle">slope ${slope.toFixed(4)}, largest deviation from the line ${largestDeviationC.toFixed(3)} degC</text>
</svg>
`;
await writeFile(new URL('../../docs/images/accuracy-sweep.svg', import.meta.url), svg);
console.log(
  `slope ${slope.toFixed(4)}, offset at 36 degC ${(offsetC + (slope - 1) * 36).toFixed(3)} degC, largest deviation ${largestDeviationC.toFixed(3)} degC`,
);
