import { readFile, stat } from 'node:fs/promises';
import { ConfigError } from './config-error.ts';

/** Environment variable that holds the MQTT password, before any file. */
export const MQTT_PASSWORD_VARIABLE = 'FEVERGATE_MQTT_PASSWORD';

const OTHERS = 0o077;

/**
 * The MQTT password: from FEVERGATE_MQTT_PASSWORD, else the first line of the password file; null without either. It is
 * not part of the configuration, so that showing, logging or recording one cannot show it.
 * @throws ConfigError when the file cannot be read, is empty, or others than its owner may read it
 */
export async function mqttPassword(
  passwordFile: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const fromEnvironment = env[MQTT_PASSWORD_VARIABLE];
  if (fromEnvironment) return fromEnvironment;
  if (passwordFile === null) return null;
  const refused = (problem: string): ConfigError =>
    new ConfigError('invalid', passwordFile, [{ field: 'alerts.mqtt.passwordFile', problem, line: null }]);
  const unreadable = (error: unknown): never => {
    throw refused(
      `cannot be read (${error instanceof Error && 'code' in error ? error.code : String(error)})`,
    );
  };
  const { mode } = await stat(passwordFile).catch(unreadable);
  if ((mode & OTHERS) !== 0) throw refused('may be read by others; chmod 600 it');
  const password = /^[^\r\n]*/.exec(await readFile(passwordFile, 'utf8').catch(unreadable))?.[0];
  if (!password) throw refused('is empty');
  return password;
}
