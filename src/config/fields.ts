import { z } from 'zod';
import { configSchema } from './schema.ts';

/** One setting, as the documentation and the error messages tell it. */
export type ConfigField = Readonly<{
  /** Dotted, e.g. `visit.maxDistanceM`. */
  path: string;
  description: string;
  /** What may be set, in words; its unit is in the path. */
  allowed: string;
  default: unknown;
}>;

/** One section: a group of settings. */
export type ConfigSection = Readonly<{ path: string; description: string; keys: readonly string[] }>;

/** The part of JSON Schema that the configuration's schema comes out as. */
type Node = Readonly<{
  description?: string;
  type?: string | readonly string[];
  properties?: Readonly<Record<string, Node>>;
  anyOf?: readonly Node[];
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}>;

/** The configuration as JSON Schema 2020-12, for editors. */
export function configJsonSchema(): object {
  return { title: 'fevergate configuration', ...z.toJSONSchema(configSchema, { io: 'input' }) };
}

/** Every section and every field, in the schema's order. */
export function describeConfig(): Readonly<{
  sections: readonly ConfigSection[];
  fields: readonly ConfigField[];
}> {
  const sections: ConfigSection[] = [];
  const fields: ConfigField[] = [];
  const walk = (path: string, node: Node): void => {
    const description = node.description ?? '';
    if (node.properties === undefined) {
      fields.push({ path, description, allowed: allowedBy(node), default: node.default });
      return;
    }
    sections.push({ path, description, keys: Object.keys(node.properties) });
    for (const [key, child] of Object.entries(node.properties))
      walk(path === '' ? key : `${path}.${key}`, child);
  };
  walk('', configJsonSchema() as Node);
  return { sections, fields };
}

function allowedBy(node: Node): string {
  if (node.anyOf !== undefined) return node.anyOf.map(allowedBy).join(' or ');
  if (node.enum !== undefined) return `one of ${node.enum.join(', ')}`;
  const types: readonly string[] = typeof node.type === 'string' ? [node.type] : (node.type ?? []);
  return types.map((type) => allowedByType(type, node)).join(' or ');
}

function allowedByType(type: string, node: Node): string {
  switch (type) {
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'number':
    case 'integer': {
      const range = `${node.minimum ?? '-'} to ${node.maximum ?? '-'}`;
      if (node.multipleOf !== undefined) return `${range}, a multiple of ${node.multipleOf}`;
      return type === 'integer' ? `whole numbers ${range}` : range;
    }
    default:
      return node.pattern === undefined ? 'text' : `text matching ${node.pattern}`;
  }
}
