import { z } from 'zod';
import type { AskedCommand, CommandName, CommandOutcome, RemoteCommand } from '../domain/remote-command.ts';
import { versionField } from './payload-parts.ts';

/** Longest that one request silences the buzzer, minutes. */
const LONGEST_MUTE_MINUTES = 480;
/** Longer than any request is; what is longer is not even parsed. */
const LONGEST_REQUEST_BYTES = 1024;

const asked = {
  by: z.string().trim().min(1).max(100).describe('Who asks, as they say; kept in the audit trail.'),
  request_id: z.string().min(1).max(64).optional().describe('Comes back in the answer.'),
};

/** What each command takes. */
export const commandSchemas = {
  mute: z
    .strictObject({
      minutes: z
        .int()
        .min(0)
        .max(LONGEST_MUTE_MINUTES)
        .describe('Keeps the buzzer silent for so long, minutes; 0: it sounds again.'),
      ...asked,
    })
    .describe('Silences the buzzer; lamps, alerts and records go on. A restart ends it.'),
  acknowledge: z
    .strictObject({
      alert_id: z
        .string()
        .min(1)
        .max(120)
        .optional()
        .describe('The alert that was seen; left out: all that are open.'),
      ...asked,
    })
    .describe('Says that somebody takes care of an alert.'),
  check: z
    .strictObject({
      visit: z.int().min(1).describe("The visit's number."),
      result: z.enum(['confirmed', 'cleared']).describe('What came of it.'),
      temperature_c: z
        .number()
        .min(30)
        .max(45)
        .nullable()
        .optional()
        .describe('What the clinical thermometer showed, degC.'),
      ...asked,
    })
    .describe('Enters what a clinical thermometer said of an elevated or recheck visit.'),
  refresh: z.strictObject(asked).describe('Has state, counts and health told at once.'),
} as const satisfies Record<CommandName, z.ZodType>;

export const commandAnswerSchema = z
  .strictObject({
    version: versionField(1),
    command: z.enum(['mute', 'acknowledge', 'check', 'refresh']).describe('What was asked.'),
    request_id: z.string().nullable().describe('As in the request; null: it had none.'),
    status: z.enum(['done', 'refused']).describe('What came of it.'),
    reason: z
      .enum(['malformed', 'not_found', 'too_many', 'failed'])
      .nullable()
      .describe('Why it was refused; null: it was not.'),
    message: z.string().nullable().describe('The same in words.'),
  })
  .describe('The answer to a command.');

export type CommandAnswer = Readonly<z.output<typeof commandAnswerSchema>>;

/** A request with what it wants back in the answer. */
export type ReadRequest = Readonly<{ asked: AskedCommand; requestId: string | null }>;

/** Reads a request of one command. */
export function readRequest(name: CommandName, payload: Uint8Array): ReadRequest {
  const refused = (problem: string, requestId: string | null = null): ReadRequest => ({
    asked: { ok: false, name, problem },
    requestId,
  });
  if (payload.length > LONGEST_REQUEST_BYTES) return refused(`is longer than ${LONGEST_REQUEST_BYTES} bytes`);
  const given = jsonOf(payload);
  if (given === undefined) return refused('is not JSON');
  const result = commandSchemas[name].safeParse(given);
  if (!result.success) return refused(problemsIn(result.error), requestIdIn(given));
  return {
    asked: { ok: true, command: commandOf(name, given) },
    requestId: result.data.request_id ?? null,
  };
}

export function commandAnswer(
  name: CommandName,
  requestId: string | null,
  outcome: CommandOutcome,
): CommandAnswer {
  const refused = outcome.status === 'refused' ? outcome : null;
  return {
    version: 1,
    command: name,
    request_id: requestId,
    status: outcome.status,
    reason: refused === null ? null : REASON[refused.reason],
    message: refused?.message ?? null,
  };
}

const REASON = {
  malformed: 'malformed',
  'not-found': 'not_found',
  'too-many': 'too_many',
  failed: 'failed',
} as const;

function commandOf(name: CommandName, given: unknown): RemoteCommand {
  switch (name) {
    case 'mute': {
      const { by, minutes } = commandSchemas.mute.parse(given);
      return { name, by, minutes };
    }
    case 'acknowledge': {
      const { by, alert_id } = commandSchemas.acknowledge.parse(given);
      return { name, by, alertId: alert_id ?? null };
    }
    case 'check': {
      const { by, visit, result, temperature_c } = commandSchemas.check.parse(given);
      return { name, by, visit, result, temperatureC: temperature_c ?? null };
    }
    case 'refresh':
      return { name, by: commandSchemas.refresh.parse(given).by };
  }
}

function problemsIn({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [path.join('.'), message].join(' ').trim()).join('; ');
}

/** So that even a refusal can be told from others. */
function requestIdIn(given: unknown): string | null {
  const read = z.looseObject({ request_id: asked.request_id }).safeParse(given);
  return read.success ? (read.data.request_id ?? null) : null;
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as unknown;
  } catch {
    return undefined;
  }
}
