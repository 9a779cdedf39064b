import { z } from 'zod';
import type { NumberedAlert } from '../domain/alert.ts';

const alertSchema = z.strictObject({
  id: z.string().min(1),
  sequence: z.int().min(1),
  visitNumber: z.int().min(1),
  timeMs: z.number(),
  timeTrusted: z.boolean(),
  temperatureC: z.number().nullable(),
  uncertaintyC: z.number().nullable(),
  baselineC: z.number().nullable(),
  mask: z.enum(['worn', 'not-worn', 'unsure']).nullable(),
});

/** One line of the outbox: an alert that waits, the id of one that no longer does, or the last number given away and its visit. */
const outboxLineSchema = z.union([
  z.strictObject({ alert: alertSchema }),
  z.strictObject({ acknowledged: z.string() }),
  z.strictObject({ sequence: z.int().min(1), visit: z.int().min(1) }),
]);

export type OutboxLine =
  | Readonly<{ alert: NumberedAlert }>
  | Readonly<{ acknowledged: string }>
  | Readonly<{ sequence: number; visit: number }>;

/** One line of the outbox, without its line end; null when it is none. */
export function parseOutboxLine(line: string): OutboxLine | null {
  try {
    const result = outboxLineSchema.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
