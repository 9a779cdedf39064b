import { pino } from 'pino';
import type { Log } from '../ports/log.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const STDERR = 2;

/** The log: JSON lines on stderr, from the level in FEVERGATE_LOG_LEVEL on (`info` by default). */
export function createLog(env: Readonly<Record<string, string | undefined>> = process.env): Log {
  const asked = env['FEVERGATE_LOG_LEVEL'];
  const known = asked !== undefined && LEVELS.includes(asked);
  const logger = pino(
    { level: known ? asked : 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    // Synchronous: the last lines before a crash are the ones wanted.
    pino.destination({ dest: STDERR, sync: true }),
  );
  if (asked !== undefined && !known)
    logger.warn({ level: asked }, 'FEVERGATE_LOG_LEVEL is not known, info is used');
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
