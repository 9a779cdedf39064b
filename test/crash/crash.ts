import { parseArgs } from 'node:util';
import { crashOverAndOver } from './crash-rounds.ts';

/** `npm run test:crash -- [--rounds N] [--seed N]`: exits with 1 when anything acknowledged was not kept. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '600' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run test:crash -- [--rounds N] [--seed N]\n');
  process.exit(2);
}
const report = await crashOverAndOver({
  rounds,
  seed,
  onRound: (round) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${round} of ${rounds} `);
  },
});
const { wrong, ...figures } = report;
process.stdout.write(`${JSON.stringify(figures)}\n`);
for (const what of wrong) process.stdout.write(`${what}\n`);
process.exit(wrong.length === 0 ? 0 : 1);
