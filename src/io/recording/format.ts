import { z } from 'zod';
import type { CheckVerdict } from '../../domain/visit.ts';

/** The recorded inputs of a gate, in the order in which it took them in. */
export type RecordedInput =
  | Readonly<{ kind: 'subpage'; raw: Readonly<{ words: Uint16Array; atMs: number }> }>
  | Readonly<{ kind: 'frame'; frame: RecordedFrame; judgeMasks: boolean }>
  | Readonly<{ kind: 'fault'; atMs: number; part: 'thermal' | 'camera'; failed: boolean }>
  | Readonly<{ kind: 'checks'; atMs: number; verdicts: readonly CheckVerdict[] }>
  | Readonly<{ kind: 'power-on'; atMs: number }>
  | Readonly<{ kind: 'tick'; atMs: number }>;

type RecordedFrame = Readonly<{ atMs: number; width: number; height: number; data: Uint8Array }>;

export const INPUTS_FILE = 'inputs.ndjson';
export const FRAMES_FILE = 'frames.bin';
export const HEADER_FILE = 'recording.json';
export const DECISIONS_FILE = 'decisions.json';

const WORDS_PER_SUBPAGE = 834;

/** One line of {@link INPUTS_FILE}. */
export const inputLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('subpage'),
    atMs: z.number(),
    words: z.array(z.number()).length(WORDS_PER_SUBPAGE),
  }),
  z.strictObject({
    kind: z.literal('frame'),
    atMs: z.number(),
    width: z.int().positive(),
    height: z.int().positive(),
    judgeMasks: z.boolean(),
    /** Where the frame's raw-deflated I420 bytes lie in {@link FRAMES_FILE}. */
    offset: z.int().nonnegative(),
    length: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal('fault'),
    atMs: z.number(),
    part: z.enum(['thermal', 'camera']),
    failed: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('checks'),
    atMs: z.number(),
    verdicts: z.array(z.strictObject({ aboveNormalC: z.number(), confirmed: z.boolean() })),
  }),
  z.strictObject({ kind: z.literal('power-on'), atMs: z.number() }),
  z.strictObject({ kind: z.literal('tick'), atMs: z.number() }),
]);

/** What a replay needs beside the inputs. `config` is the gate's checked configuration, without secrets. */
export const headerSchema = z.strictObject({
  version: z.literal(1),
  firstVisitNumber: z.int().positive(),
  poweredOnAtMs: z.number(),
  eeprom: z.array(z.int().min(0).max(0xffff)).length(832),
  config: z.unknown(),
});
export type RecordingHeader = z.infer<typeof headerSchema>;

/** One decision of the recorded run: a replay must come to the same. */
export const decisionSchema = z.strictObject({
  number: z.int(),
  atMs: z.number(),
  outcome: z.enum(['normal', 'recheck', 'elevated']),
  mask: z.enum(['worn', 'not-worn', 'unsure']),
  temperatureC: z.number(),
  uncertaintyC: z.number(),
  baselineC: z.number().nullable(),
});
export type RecordedDecision = z.infer<typeof decisionSchema>;

/** A recording that cannot be written or read. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code: 'exists' | 'unreadable' | 'malformed';
  constructor(code: RecordingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
