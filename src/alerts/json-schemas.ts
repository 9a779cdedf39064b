import { z } from 'zod';
import { commandAnswerSchema, commandSchemas } from './commands.ts';
import { alertPayloadSchema } from './payload.ts';
import { countsPayloadSchema, healthPayloadSchema, statePayloadSchema } from './report-payloads.ts';
import { COMMAND_NAMES } from './topics.ts';

/** Every payload's JSON Schema (2020-12) by the name of its file in docs/mqtt, without `.schema.json`. */
export function payloadJsonSchemas(): ReadonlyMap<string, object> {
  const told = {
    alert: alertPayloadSchema,
    state: statePayloadSchema,
    counts: countsPayloadSchema,
    health: healthPayloadSchema,
    response: commandAnswerSchema,
  };
  return new Map([
    ...Object.entries(told).map(([name, schema]) => [name, jsonSchemaOf(name, schema)] as const),
    ...COMMAND_NAMES.map(
      (name) => [`request-${name}`, jsonSchemaOf(`request ${name}`, commandSchemas[name])] as const,
    ),
  ]);
}

function jsonSchemaOf(name: string, schema: z.ZodType): object {
  return { title: `fevergate ${name}`, ...z.toJSONSchema(schema) };
}
