import { readFile, stat } from 'node:fs/promises';

/** Environment variable that holds the MQTT password, before any file. */
export const MQTT_PASSWORD_VARIABLE = 'FEVERGATE_MQTT_PASSWORD';

const OTHERS = 0o077;

/** A secret that cannot be used. The message never holds the secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: 'unreadable' | 'too-open';
  constructor(code: SecretError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The MQTT password: from FEVERGATE_MQTT_PASSWORD, else the first line of the password file; null without either.
 * @throws SecretError when the file cannot be read, or others than its owner may read it
 */
export async function mqttPassword(
  passwordFile: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const fromEnvironment = env[MQTT_PASSWORD_VARIABLE];
  if (fromEnvironment !== undefined) return fromEnvironment;
  if (passwordFile === null) return null;
  const unreadable = (error: unknown): never => {
    throw new SecretError('unreadable', `alerts.mqtt.passwordFile: ${error instanceof Error ? error.message : error}`);
  };
  const { mode } = await stat(passwordFile).catch(unreadable);
  if ((mode & OTHERS) !== 0) {
    throw new SecretError('too-open', `alerts.mqtt.passwordFile: others may read ${passwordFile}; chmod 600 it`);
  }
  return (await readFile(passwordFile, 'utf8').catch(unreadable)).split('\n')[0] ?? '';
}
