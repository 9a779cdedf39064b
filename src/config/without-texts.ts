import { configJsonSchema } from './fields.ts';
import { defaultConfig } from './load.ts';
import type { Config } from './schema.ts';

/** What stands for a text that somebody has set. */
export const SET = '(set)';

type Node = Readonly<{
  properties?: Readonly<Record<string, Node>>;
  anyOf?: readonly Node[];
  enum?: readonly unknown[];
}>;

/**
 * A configuration to be shown to strangers: numbers, switches and choices as they are; every free text that is not the
 * default's, which may name a person, a place or a machine, only as set.
 * @returns the configuration, and the texts that were left out, with the hosts named in them
 */
export function withoutTexts(config: Config): Readonly<{ config: unknown; texts: readonly string[] }> {
  const texts: string[] = [];
  const shown = (value: unknown, usual: unknown, node: Node | undefined): unknown => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const defaults = (usual ?? {}) as Readonly<Record<string, unknown>>;
      const entries = Object.entries(value).map(([key, child]) => [
        key,
        shown(child, defaults[key], node?.properties?.[key]),
      ]);
      return Object.fromEntries(entries);
    }
    if (Array.isArray(value)) return value.map((child) => shown(child, undefined, undefined));
    if (typeof value !== 'string' || value === usual || isChoice(node, value)) return value;
    texts.push(value, ...(URL.canParse(value) ? [new URL(value).hostname] : []));
    return SET;
  };
  return { config: shown(config, defaultConfig(), configJsonSchema() as Node), texts };
}

function isChoice(node: Node | undefined, value: string): boolean {
  return node?.enum?.includes(value) ?? node?.anyOf?.some((one) => isChoice(one, value)) ?? false;
}
