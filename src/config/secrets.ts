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
  return passwordFile === null ? null : secretLine(passwordFile, 'alerts.mqtt.passwordFile');
}

/**
 * The first line of a file that holds a secret.
 * @param field the setting that names the file
 * @throws ConfigError when it cannot be read, is empty, or others than its owner may read it
 */
export async function secretLine(file: string, field: string): Promise<string> {
  await refuseOthers(file, field);
  const text = await readFile(file, 'utf8').catch((error: unknown) => unreadable(file, field, error));
  const secret = /^[^\r\n]*/.exec(text)?.[0];
  if (!secret) throw refused(file, field, 'is empty');
  return secret;
}

/**
 * Makes sure that nobody but its owner may read a file with a secret.
 * @param field the setting that names the file
 * @throws ConfigError when others may, or it cannot be read
 */
export async function refuseOthers(file: string, field: string): Promise<void> {
  const { mode } = await stat(file).catch((error: unknown) => unreadable(file, field, error));
  if ((mode & OTHERS) !== 0) throw refused(file, field, 'may be read by others; chmod 600 it');
}

function unreadable(file: string, field: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  throw refused(file, field, `cannot be read (${code})`);
}

function refused(file: string, field: string, problem: string): ConfigError {
  return new ConfigError('invalid', file, [{ field, problem, line: null }]);
}
