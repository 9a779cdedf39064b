import { z } from 'zod';
import type { CountsReport, HealthReport, StateReport } from '../domain/gate-report.ts';
import {
  isoTime,
  rounded,
  type Sender,
  senderFields,
  timeField,
  timeTrustedField,
  versionField,
} from './payload-parts.ts';

const count = (what: string) => z.int().min(0).describe(what);
const celsiusOrNull = (what: string) => z.number().nullable().describe(`${what}, degC; null: not known.`);

export const statePayloadSchema = z
  .strictObject({
    version: versionField(1),
    ...senderFields,
    time: timeField('Since when it is so'),
    time_trusted: timeTrustedField,
    state: z
      .enum(['warming_up', 'in_service', 'out_of_service'])
      .describe('Whether visitors are answered. It does not change with a visitor.'),
    problem: z
      .enum([
        'thermal_sensor',
        'camera',
        'late_picture',
        'ambient_too_cold',
        'ambient_too_warm',
        'reference_lost',
        'reference_dirty',
      ])
      .nullable()
      .describe('What keeps the gate out of service; null: nothing.'),
    records: z
      .enum(['ok', 'full', 'read_only', 'failing'])
      .describe('Whether visits are kept as the storage profile says; if not, what the disk is.'),
    buzzer_muted: z.boolean().describe('Whether the buzzer keeps silent; the lamps go on.'),
    buzzer_muted_until: z.iso.datetime({ offset: true }).nullable().describe('Until when; null: it sounds.'),
    alerts_open: count('Alerts since the start that nobody has acknowledged.'),
  })
  .describe('How a fevergate is.');

export const countsPayloadSchema = z
  .strictObject({
    version: versionField(1),
    ...senderFields,
    time: timeField('When it was told'),
    time_trusted: timeTrustedField,
    day: z.iso.date().describe('The local day that is counted.'),
    visits: count('Visits decided on that day.'),
    normal: count('Of these normal.'),
    recheck: count('Of these told to be checked again.'),
    elevated: count('Of these elevated.'),
    mask_worn: count('Of these with a mask.'),
    mask_not_worn: count('Of these without.'),
    mask_unsure: count('Of these where the gate was not sure.'),
    mask_worn_percent: z
      .number()
      .min(0)
      .max(100)
      .nullable()
      .describe('Share with a mask where the gate was sure, %; null: of nobody.'),
  })
  .describe('Visits of the day, told every five minutes, not at each visit.');

export const healthPayloadSchema = z
  .strictObject({
    version: versionField(1),
    ...senderFields,
    time: timeField('When it was told'),
    time_trusted: timeTrustedField,
    software_version: z.string().describe('Version of the program.'),
    uptime_s: count('Since the program started, s.'),
    sensor_temperature_c: celsiusOrNull('Die of the thermal sensor'),
    room_temperature_c: celsiusOrNull('The room, seen while nobody is there'),
    cpu_temperature_c: celsiusOrNull('The processor'),
    memory_bytes: count('Memory of the program, bytes.'),
    disk_free_bytes: z
      .int()
      .min(0)
      .nullable()
      .describe('Free space where records are kept, bytes; null: not known.'),
    alerts_waiting: count('Alerts that no broker has taken yet.'),
    storage_profile: z.literal([0, 1, 2, 3]).describe('The storage profile in force.'),
  })
  .describe('How the machine of a fevergate is, told every minute.');

export type StatePayload = Readonly<z.output<typeof statePayloadSchema>>;
export type CountsPayload = Readonly<z.output<typeof countsPayloadSchema>>;
export type HealthPayload = Readonly<z.output<typeof healthPayloadSchema>>;

const SERVICE = {
  'warming-up': 'warming_up',
  'in-service': 'in_service',
  'out-of-service': 'out_of_service',
} as const;
const PROBLEM = {
  'thermal-sensor': 'thermal_sensor',
  camera: 'camera',
  'late-picture': 'late_picture',
  'ambient-too-cold': 'ambient_too_cold',
  'ambient-too-warm': 'ambient_too_warm',
  'reference-lost': 'reference_lost',
  'reference-dirty': 'reference_dirty',
} as const;
const RECORDS = { ok: 'ok', full: 'full', 'read-only': 'read_only', failing: 'failing' } as const;

/** @param zone IANA zone of the times; the machine's by default */
export function statePayload(report: StateReport, from: Sender, zone = 'local'): StatePayload {
  const { mutedUntilMs } = report;
  return {
    version: 1,
    ...beginning(report, from, zone),
    state: SERVICE[report.service],
    problem: report.problem === null ? null : PROBLEM[report.problem],
    records: RECORDS[report.records],
    buzzer_muted: mutedUntilMs !== null,
    buzzer_muted_until: mutedUntilMs === null ? null : isoTime(mutedUntilMs, zone),
    alerts_open: report.openAlerts,
  };
}

/** @param zone IANA zone of the time; the machine's by default */
export function countsPayload(report: CountsReport, from: Sender, zone = 'local'): CountsPayload {
  const sure = report.maskWorn + report.maskNotWorn;
  return {
    version: 1,
    ...beginning(report, from, zone),
    day: report.day,
    visits: report.visits,
    normal: report.normal,
    recheck: report.recheck,
    elevated: report.elevated,
    mask_worn: report.maskWorn,
    mask_not_worn: report.maskNotWorn,
    mask_unsure: report.maskUnsure,
    mask_worn_percent: sure === 0 ? null : rounded((100 * report.maskWorn) / sure, 1),
  };
}

/** @param zone IANA zone of the time; the machine's by default */
export function healthPayload(report: HealthReport, from: Sender, zone = 'local'): HealthPayload {
  return {
    version: 1,
    ...beginning(report, from, zone),
    software_version: report.softwareVersion,
    uptime_s: Math.floor(report.uptimeS),
    sensor_temperature_c: rounded(report.sensorTemperatureC, 1),
    room_temperature_c: rounded(report.roomTemperatureC, 1),
    cpu_temperature_c: rounded(report.cpuTemperatureC, 1),
    memory_bytes: report.memoryBytes,
    disk_free_bytes: report.diskFreeBytes,
    alerts_waiting: report.alertsWaiting,
    storage_profile: report.storageProfile,
  };
}

function beginning(report: Readonly<{ timeMs: number; timeTrusted: boolean }>, from: Sender, zone: string) {
  return {
    site: from.site,
    gate: from.gate,
    time: isoTime(report.timeMs, zone),
    time_trusted: report.timeTrusted,
  };
}
