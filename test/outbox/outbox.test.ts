import { expect, test } from 'vitest';
import { mosquittoIsHere } from '../support/mosquitto.ts';
import { failOverAndOver } from './outbox-rounds.ts';

test.skipIf(!mosquittoIsHere())(
  'every alert arrives, once by its id and in order, however broker, network and gate fail (mosquitto needed)',
  { timeout: 300_000 },
  async () => {
    const report = await failOverAndOver({ rounds: 12, seed: 3 });
    expect(report.wrong).toEqual([]);
    expect(report.kept).toBeGreaterThan(50);
  },
);
