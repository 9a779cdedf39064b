import { destination, pino } from 'pino';
import type { Log } from '../ports/log.ts';

/** JSON lines on stderr; `FEVERGATE_LOG_LEVEL` (default `info`) says from which level on. */
export function createLog(): Log {
  const level = process.env['FEVERGATE_LOG_LEVEL'] ?? 'info';
  const log = pino({ level: level in pino.levels.values ? level : 'info', base: null }, destination({ fd: 2, sync: true }));
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}
