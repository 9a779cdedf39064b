import { describe, expect, test } from 'vitest';
import { mountOf, mountSettingsOf } from '../../../src/app/gate-params.ts';
import { keptUpkeepOf, opticsOf, registrationInForce } from '../../../src/app/registration-in-force.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { registrationFinding } from '../../../src/doctor/registration-check.ts';
import type { KeptRegistration } from '../../../src/records/kept-registration.ts';
import { noVisitsYet } from '../../../src/registration/upkeep.ts';

const config = configSchema.parse({});
const kept: KeptRegistration = {
  version: 1,
  keptAt: '2026-03-01T10:00:00+09:00',
  simulatedSeed: null,
  optics: opticsOf(config),
  configured: config.mount,
  mount: { rightMm: 25.5, downMm: -3, forwardMm: 1.25, yawDeg: 2.125, pitchDeg: -1, rollDeg: 0.5 },
  residual: { rmsPx: 0.31, p95Px: 0.5, beforeRmsPx: 2.4, expectedErrorPx: 0.5 },
  span: { pairs: 60, nearestM: 0.45, farthestM: 1.1, leftShare: 0.3, rightShare: 0.3 },
};

describe('the mount in force', () => {
  test('is the configured one while nothing is kept', () => {
    expect(registrationInForce(config, null, null, false)).toMatchObject({
      config,
      source: 'configured',
      refused: null,
    });
  });

  test('is the calibrated one to the last digit, in the configuration: a recording has it', () => {
    const found = registrationInForce(config, kept, null, false);
    expect(found.config).toEqual({ ...config, mount: kept.mount });
    expect(found.source).toBe('calibrated');
  });

  test.each([
    ['lens', configSchema.parse({ thermal: { lens: 'BAA' } }), 'lens BAB, now it is BAA'],
    ['camera size', configSchema.parse({ camera: { width: 1280 } }), 'cameraWidth 640, now it is 1280'],
    ['mirroring', configSchema.parse({ thermal: { mirrored: false } }), 'mirrored true, now it is false'],
    ['mount', configSchema.parse({ mount: { rightMm: 30 } }), 'mount.* has been changed since'],
  ] as const)('is the configured one again with another %s', (_what, changed, reason) => {
    const found = registrationInForce(changed, kept, null, false);
    expect(found.config).toEqual(changed);
    expect(found.refused).toContain(reason);
  });

  test('of a simulated gate counts in the simulation only', () => {
    const simulated = { ...kept, simulatedSeed: 3 };
    expect(registrationInForce(config, simulated, null, false).refused).toContain('simulated');
    expect(registrationInForce(config, simulated, null, true).source).toBe('calibrated');
  });

  test('has what visitors have corrected since the same calibration', () => {
    const upkeep = { ...noVisitsYet, visits: 90, correction: { across: 0.3, down: 0 } };
    const found = registrationInForce(config, kept, keptUpkeepOf(upkeep, kept.mount), false);
    expect(found.base).toEqual(kept.mount);
    expect(found.config.mount.yawDeg).toBeCloseTo(kept.mount.yawDeg - (0.3 * 55) / 32, 1);
    const other = registrationInForce(config, kept, keptUpkeepOf(upkeep, config.mount), false);
    expect(other.config.mount).toEqual(kept.mount);
    expect(other.upkeep).toEqual(noVisitsYet);
  });

  test('goes to metres and radians and back', () => {
    expect(mountSettingsOf(mountOf({ mount: kept.mount }))).toEqual(kept.mount);
  });
});

describe('the doctor', () => {
  const none = { kind: 'none' } as const;
  const ofKept = { kind: 'kept', value: kept } as const;

  test('says what is kept, what does not hold, and that the mount has moved', () => {
    expect(registrationFinding(config, none, none)).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('never calibrated'),
    });
    expect(registrationFinding(config, ofKept, none)).toMatchObject({
      status: 'ok',
      found: 'calibrated 2026-03-01, 0.31 thermal pixels, 0 visitors since',
    });
    expect(
      registrationFinding(config, { kind: 'damaged', file: '/r/registration.json' }, none),
    ).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('/r/registration.json is damaged'),
    });
    const other = configSchema.parse({ thermal: { lens: 'BAA' } });
    expect(registrationFinding(other, ofKept, none).found).toContain('not used: it was made for lens BAB');
    const moved = { ...noVisitsYet, visits: 120, shift: { across: 1.2, down: 0.9 }, movedOnDay: 20_500 };
    const value = keptUpkeepOf(moved, kept.mount);
    expect(registrationFinding(config, ofKept, { kind: 'kept', value })).toMatchObject({
      status: 'warning',
      found: 'the mount has moved: heads of 120 visitors were 1.5 thermal pixels off',
      remedy: expect.stringContaining('calibrate registration'),
    });
  });
});
