import { z } from 'zod';

const px = z.number().min(0).max(100);
const mount = z.strictObject({
  rightMm: z.number().min(-200).max(200),
  downMm: z.number().min(-200).max(200),
  forwardMm: z.number().min(-200).max(200),
  yawDeg: z.number().min(-30).max(30),
  pitchDeg: z.number().min(-30).max(30),
  rollDeg: z.number().min(-180).max(180),
});

/** A solved mount as kept on disk, with what it was solved for. Nothing of who walked is in it. */
const keptRegistrationSchema = z.strictObject({
  version: z.literal(1),
  /** ISO 8601 with offset. */
  keptAt: z.iso.datetime({ offset: true }),
  /** Of a simulated gate; null: of this one. */
  simulatedSeed: z.int().nullable(),
  /** What it holds for: change one of these and it does not. */
  optics: z.strictObject({
    lens: z.enum(['BAA', 'BAB']),
    mirrored: z.boolean(),
    cameraWidth: z.int().positive(),
    cameraHeight: z.int().positive(),
    cameraFovDeg: z.number().positive(),
    cameraRotationDeg: z.number(),
  }),
  /** The mount as it was configured then. */
  configured: mount,
  mount,
  residual: z.strictObject({ rmsPx: px, p95Px: px, beforeRmsPx: px, expectedErrorPx: px }),
  span: z.strictObject({
    pairs: z.int().positive(),
    nearestM: z.number().positive(),
    farthestM: z.number().positive(),
    leftShare: z.number().min(0).max(1),
    rightShare: z.number().min(0).max(1),
  }),
});
export type KeptRegistration = z.output<typeof keptRegistrationSchema>;

const shift = z.strictObject({ across: z.number().min(-10).max(10), down: z.number().min(-10).max(10) });

/** What daily visitors have told since; see `registration/upkeep.ts`. */
const keptUpkeepSchema = z.strictObject({
  version: z.literal(1),
  /** The mount that it is counted from. */
  base: mount,
  visits: z.int().min(0),
  shift,
  correction: shift,
  day: z.int().min(0),
  correctionAtDayStart: shift,
  movedOnDay: z.int().min(0).nullable(),
});
export type KeptUpkeep = z.output<typeof keptUpkeepSchema>;

/** Null when the text is not such a file. */
export function parseKeptRegistration(text: string): KeptRegistration | null {
  return parsed(keptRegistrationSchema, text);
}

/** Null when the text is not such a file. */
export function parseKeptUpkeep(text: string): KeptUpkeep | null {
  return parsed(keptUpkeepSchema, text);
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
