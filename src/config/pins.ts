import type { z } from 'zod';
import type { i2c, lines } from './hardware-schema.ts';

type Wiring = Readonly<{ i2c: z.output<typeof i2c>; lines: z.output<typeof lines> }>;

/** A GPIO that two fields claim. */
export type PinTakenTwice = Readonly<{ pin: number; field: string; taken: string }>;

export function pinsTakenTwice({ i2c, lines }: Wiring): readonly PinTakenTwice[] {
  const claims: readonly (readonly [string, number | null])[] = [
    ['i2c.recoverySdaPin', i2c.recoverySdaPin],
    ['i2c.recoverySclPin', i2c.recoverySclPin],
    ['lines.red.pin', lines.red.pin],
    ['lines.yellow.pin', lines.yellow.pin],
    ['lines.green.pin', lines.green.pin],
    ['lines.buzzer.pin', lines.buzzer.kind === 'none' ? null : lines.buzzer.pin],
    ['lines.sensorPower.pin', lines.sensorPower.pin],
  ];
  const taken = new Map<number, string>();
  return claims.flatMap(([field, pin]) => {
    if (pin === null) return [];
    const before = taken.get(pin);
    if (before !== undefined) return [{ pin, field, taken: before }];
    taken.set(pin, field);
    return [];
  });
}
