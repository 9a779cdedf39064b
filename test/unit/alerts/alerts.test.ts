import { expect, test } from 'vitest';
import { alertPayload, alertPayloadSchema } from '../../../src/alerts/payload.ts';
import { countsPayload, healthPayload, statePayload } from '../../../src/alerts/report-payloads.ts';
import { parseOutboxLine } from '../../../src/alerts/stored-alert.ts';
import { aNumberedAlert } from '../../support/an-alert.ts';

const GATE = { site: 'main', gate: 'gate-1' };
const TIME = { timeMs: Date.UTC(2026, 0, 5), timeTrusted: false };

test('an alert goes out flat, with time and offset, to a hundredth of a degree', () => {
  const alert = { ...aNumberedAlert(12, 4), temperatureC: 36.714, uncertaintyC: 0.1249, baselineC: 34.855 };
  const payload = alertPayload(alert, GATE, 'Asia/Seoul');
  expect(payload).toEqual({
    version: 3,
    id: 'main-gate-1-12-mk0e9p6o',
    sequence: 4,
    site: 'main',
    gate: 'gate-1',
    visit: 12,
    time: '2026-01-05T09:00:24.000+09:00',
    time_trusted: true,
    class: 'elevated',
    face_surface_temperature_c: 36.71,
    uncertainty_c: 0.12,
    baseline_c: 34.85,
    mask: 'worn',
    advice: 'Check with a clinical thermometer.',
  });
  expect(alertPayloadSchema.parse(payload)).toEqual(payload);
  expect(alertPayload({ ...aNumberedAlert(1), baselineC: null }, GATE).baseline_c).toBeNull();
  const bare = { temperatureC: null, uncertaintyC: null, baselineC: null, mask: null };
  expect(alertPayload({ ...aNumberedAlert(1), ...bare }, GATE)).toMatchObject({
    face_surface_temperature_c: null,
    uncertainty_c: null,
    baseline_c: null,
    mask: null,
  });
  expect(parseOutboxLine(JSON.stringify({ alert: { ...aNumberedAlert(1), ...bare } }))).not.toBeNull();
});

test('what is no time is a bug, told at once', () => {
  expect(() => alertPayload({ ...aNumberedAlert(1), timeMs: Number.NaN }, GATE)).toThrow(RangeError);
});

test('a state tells of service, problem, records, mute and open alerts', () => {
  const report = {
    ...TIME,
    service: 'out-of-service',
    problem: 'thermal-sensor',
    records: 'read-only',
    mutedUntilMs: Date.UTC(2026, 0, 5, 1),
    openAlerts: 2,
  } as const;
  expect(statePayload(report, GATE, 'Asia/Seoul')).toEqual({
    version: 1,
    site: 'main',
    gate: 'gate-1',
    time: '2026-01-05T09:00:00.000+09:00',
    time_trusted: false,
    state: 'out_of_service',
    problem: 'thermal_sensor',
    records: 'read_only',
    buzzer_muted: true,
    buzzer_muted_until: '2026-01-05T10:00:00.000+09:00',
    alerts_open: 2,
  });
  const well = { ...report, service: 'in-service', problem: null, mutedUntilMs: null } as const;
  expect(statePayload(well, GATE)).toMatchObject({
    problem: null,
    buzzer_muted: false,
    buzzer_muted_until: null,
  });
});

test('the mask rate is of those of whom the gate was sure, and of nobody none', () => {
  const report = { ...TIME, day: '2026-01-05', visits: 8, normal: 6, recheck: 1, elevated: 1 };
  const some = { ...report, maskWorn: 2, maskNotWorn: 1, maskUnsure: 5 };
  expect(countsPayload(some, GATE).mask_worn_percent).toBe(66.7);
  const none = { ...report, maskWorn: 0, maskNotWorn: 0, maskUnsure: 8 };
  expect(countsPayload(none, GATE).mask_worn_percent).toBeNull();
});

test('health is told in whole seconds and tenths of a degree', () => {
  const payload = healthPayload(
    {
      ...TIME,
      softwareVersion: '1',
      uptimeS: 61.9,
      sensorTemperatureC: 31.26,
      roomTemperatureC: null,
      cpuTemperatureC: 50,
      memoryBytes: 1,
      diskFreeBytes: null,
      alertsWaiting: 3,
      storageProfile: 2,
    },
    GATE,
  );
  expect(payload).toMatchObject({ uptime_s: 61, sensor_temperature_c: 31.3, room_temperature_c: null });
});

test('an outbox line reads back; anything else is none', () => {
  const line = { alert: aNumberedAlert(1) };
  expect(parseOutboxLine(JSON.stringify(line))).toEqual(line);
  expect(parseOutboxLine('{"acknowledged":"a"}')).toEqual({ acknowledged: 'a' });
  expect(parseOutboxLine('{"sequence":7,"visit":9}')).toEqual({ sequence: 7, visit: 9 });
  for (const text of [
    '',
    '{',
    '{}',
    '{"alert":{"id":"a"}}',
    '{"acknowledged":"a","more":1}',
    '{"sequence":0}',
  ]) {
    expect(parseOutboxLine(text)).toBeNull();
  }
});
