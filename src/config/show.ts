import { stringify } from 'yaml';
import type { Config } from './schema.ts';
import { MQTT_PASSWORD_VARIABLE } from './secrets.ts';

/** The effective configuration as YAML, with a note where the password comes from, never the password. */
export function showConfig(config: Config, env: Readonly<Record<string, string | undefined>>): string {
  const { passwordFile } = config.alerts.mqtt;
  const source = env[MQTT_PASSWORD_VARIABLE] ? MQTT_PASSWORD_VARIABLE : passwordFile;
  return `# MQTT password: ${source === null ? 'none' : `from ${source} (not shown)`}\n${stringify(config)}`;
}
