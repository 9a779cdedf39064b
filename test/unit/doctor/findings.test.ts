import { describe, expect, test } from 'vitest';
import { diskFinding, temperatureFinding } from '../../../src/doctor/machine-checks.ts';
import { busSpeedFinding } from '../../../src/doctor/sensor-checks.ts';
import { findingText } from '../../../src/io/terminal/findings-table.ts';

describe('disk', () => {
  test.each([
    [5000, 100_000, 'ok'],
    [5000, null, 'ok'],
    [99, 100_000, 'failed'],
    [5000, 999, 'failed'],
  ] as const)('%d MB and %s inodes free: %s', (freeMb, inodes, status) => {
    const finding = diskFinding('/records', freeMb, inodes);
    expect(finding.status).toBe(status);
    expect(finding.remedy === null).toBe(status === 'ok');
  });
});

describe('temperature and throttling', () => {
  test.each([
    [55, 0, 'ok', 'not slowed down'],
    [55, null, 'ok', '55 degC'],
    [76, 0, 'warning', 'hot'],
    [82, 0x8, 'warning', 'slowed down by heat'],
    [55, 0x1, 'failed', 'supply voltage too low'],
    // Both at once: the supply is what must be mended.
    [85, 0x5_000f, 'failed', 'supply voltage too low'],
    [50, 0x1_0000, 'warning', 'supply voltage was too low since boot'],
    [50, 0x8_0000, 'warning', 'was slowed down by heat since boot'],
    [null, 0x2, 'warning', 'slowed down'],
  ] as const)('%s degC with flags %s is %s', (temperatureC, flags, status, words) => {
    const finding = temperatureFinding(temperatureC, flags);
    expect(finding.status).toBe(status);
    expect(finding.found).toContain(words);
  });
});

describe('bus speed', () => {
  test.each([
    [400_000, 392_000, 'ok'],
    [null, 98_000, 'ok'],
    [400_000, 165_000, 'warning'],
    [1_000_000, 980_000, 'warning'],
  ] as const)('set to %s, measured %d: %s', (setHz, measuredHz, status) => {
    const finding = busSpeedFinding(setHz, measuredHz);
    expect(finding.status).toBe(status);
    if (status === 'warning') expect(finding.remedy).toContain('i2c_arm_baudrate=400000');
  });
});

test('a finding in the table stands under its mark, its remedy below', () => {
  const text = findingText(
    { check: 'lines', status: 'failed', found: 'GPIO17 is in use', remedy: 'stop it' },
    false,
  );
  expect(text).toBe('✘ lines            GPIO17 is in use\n                   → stop it');
});
