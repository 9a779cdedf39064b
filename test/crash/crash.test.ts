import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { crashOverAndOver } from './crash-rounds.ts';

const canCompile = spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0;

// Only a user's machine is excused: the project's own (CI is set) must have a C compiler.
test.skipIf(!canCompile && !process.env['CI'])(
  'whatever was acknowledged outlives a kill and a power cut, and nothing deleted comes back (C compiler needed)',
  { timeout: 900_000 },
  async () => {
    const report = await crashOverAndOver({ rounds: 25, seed: 7 });
    expect(report.wrong).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report.powerCuts).toBeGreaterThan(3);
  },
);
