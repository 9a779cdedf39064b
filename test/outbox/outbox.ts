import { parseArgs } from 'node:util';
import { failOverAndOver } from './outbox-rounds.ts';

/** `npm run test:outbox -- [--rounds N] [--seed N]`: exits with 1 when an alert was lost, late or told twice. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run test:outbox -- [--rounds N] [--seed N]\n');
  process.exit(2);
}
const { wrong, ...figures } = await failOverAndOver({
  rounds,
  seed,
  onRound: (round) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${round} of ${rounds} `);
  },
});
process.stdout.write(`${JSON.stringify(figures)}\n`);
for (const what of wrong) process.stdout.write(`${what}\n`);
process.exit(wrong.length === 0 ? 0 : 1);
