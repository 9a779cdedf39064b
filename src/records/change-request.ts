import { z } from 'zod';
import { checkSchema } from './stored-visit.ts';

const number = z.int().min(1);

/** What an operator asks to be done to records. */
export const changeRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('erase'),
    numbers: z.array(number).max(25_000),
    by: z.enum(['visitor', 'operator']),
  }),
  z.strictObject({
    kind: z.literal('check'),
    number,
    check: checkSchema,
    /** Who entered it, as they say. */
    by: z.string().min(1).max(100),
  }),
]);

export type ChangeRequest = Readonly<z.output<typeof changeRequestSchema>>;

/** What came of it. */
export const changeAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('erased'), erased: z.int().min(0) }),
  z.strictObject({ kind: z.literal('check-entered') }),
  z.strictObject({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
]);

export type ChangeAnswer = Readonly<z.output<typeof changeAnswerSchema>>;
