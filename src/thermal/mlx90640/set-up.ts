import type { Clock } from '../../ports/clock.ts';
import { busHzOf } from './bus-speed.ts';
import type { Calibration } from './calibration.ts';
import { checkEeprom } from './eeprom-check.ts';
import { eepromIdentity, isSameImage } from './eeprom-identity.ts';
import type { RegisterAccess } from './register-access.ts';
import {
  ADC_BITS,
  type AdcBits,
  CONTROL,
  EEPROM_WORDS,
  REFRESH_RATES_HZ,
  REGISTER,
  type RefreshRateHz,
} from './registers.ts';
import { SensorError } from './sensor-error.ts';

/** Readings of the EEPROM until two in a row agree. */
const EEPROM_READINGS = 4;
const CONTROL_ATTEMPTS = 3;

/** Settings the driver makes. */
export type SensorSettings = Readonly<{
  /** Subpages per second; two subpages make a picture. */
  refreshRateHz: RefreshRateHz;
  adcBits: AdcBits;
}>;

/** An EEPROM as read, and how fast the bus was. */
export type EepromReading = Readonly<{ eeprom: Uint16Array; busHz: number }>;

/** Reads the EEPROM until two readings in a row agree: a disturbed reading looks like a valid one. */
export async function readEeprom(registers: RegisterAccess, clock: Clock): Promise<EepromReading> {
  // The shortest reading: a busy machine only ever makes one longer.
  let shortestMs = Number.POSITIVE_INFINITY;
  const reading = async (): Promise<Uint16Array> => {
    const startedMs = clock.nowMs();
    const words = await registers.read(REGISTER.eeprom, EEPROM_WORDS);
    shortestMs = Math.min(shortestMs, clock.nowMs() - startedMs);
    return words;
  };
  let before = await reading();
  for (let readings = 1; readings < EEPROM_READINGS; readings++) {
    const now = await reading();
    if (isSameImage(before, now)) return { eeprom: now, busHz: busHzOf(shortestMs) };
    before = now;
  }
  throw new SensorError(
    'eeprom-unreadable',
    `${EEPROM_READINGS} readings of the EEPROM, no two in a row the same`,
  );
}

/** What a sensor's EEPROM says about it. */
export type SensorIdentity = Readonly<{ id: string; calibration: Calibration }>;

/** @throws SensorError `eeprom-invalid` when an image can not be a sensor's calibration */
export function acceptEeprom(eeprom: Uint16Array): SensorIdentity {
  const id = eepromIdentity(eeprom);
  const check = checkEeprom(eeprom);
  if (!check.ok) throw new SensorError('eeprom-invalid', `${check.code}: ${check.reason}`);
  if (id === null)
    throw new SensorError('eeprom-invalid', 'blank: the serial number is all zeros or all ones');
  return { id, calibration: check.calibration };
}

/** The control word before and after. */
export type ControlChange = Readonly<{ before: number; after: number }>;

/** Sets rate, resolution, chess read-out and free running, keeps every other bit, and reads back what was written. */
export async function configure(registers: RegisterAccess, settings: SensorSettings): Promise<ControlChange> {
  const [before = 0] = await registers.read(REGISTER.control, 1);
  const after = controlWordFor(before, settings);
  if (after === before) return { before, after };
  let found = before;
  for (let attempt = 0; attempt < CONTROL_ATTEMPTS; attempt++) {
    await registers.write(REGISTER.control, after);
    [found = 0] = await registers.read(REGISTER.control, 1);
    if (found === after) return { before, after };
  }
  throw new SensorError(
    'control-refused',
    `control register 0x${after.toString(16)} written, 0x${found.toString(16)} read`,
  );
}

/** The control word for some settings, from the one found. */
export function controlWordFor(found: number, { refreshRateHz, adcBits }: SensorSettings): number {
  const cleared =
    CONTROL.refreshMask |
    CONTROL.resolutionMask |
    CONTROL.dataHold |
    CONTROL.repeatSubpage |
    CONTROL.subpagesEnabled |
    CONTROL.chess;
  return (
    (found & ~cleared & 0xffff) |
    (REFRESH_RATES_HZ.indexOf(refreshRateHz) << CONTROL.refreshShift) |
    (ADC_BITS.indexOf(adcBits) << CONTROL.resolutionShift) |
    CONTROL.subpagesEnabled |
    CONTROL.chess
  );
}
