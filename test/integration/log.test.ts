import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

function logged(level?: string): Record<string, unknown>[] {
  const code = `
    import { createLog } from './src/io/log.ts';
    const log = createLog();
    log.info({ visit: 1 }, 'told');
    log.warn({}, 'warned');
    log.error({ part: 'camera' }, 'failed');`;
  const { FEVERGATE_LOG_LEVEL: _, ...rest } = process.env;
  const env = level === undefined ? rest : { ...rest, FEVERGATE_LOG_LEVEL: level };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', code],
    { encoding: 'utf8', env },
  );
  expect(stdout).toBe('');
  return stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('the log is JSON lines on stderr, without host and process', () => {
  const lines = logged();
  expect(lines).toEqual([
    { level: 30, time: expect.any(String), visit: 1, msg: 'told' },
    { level: 40, time: expect.any(String), msg: 'warned' },
    { level: 50, time: expect.any(String), part: 'camera', msg: 'failed' },
  ]);
});

test('FEVERGATE_LOG_LEVEL says from which level on; an unknown one is told and info is used', () => {
  expect(logged('warn').map(({ msg }) => msg)).toEqual(['warned', 'failed']);
  expect(logged('loud').map(({ msg }) => msg)).toEqual([
    'FEVERGATE_LOG_LEVEL is not known, info is used',
    'told',
    'warned',
    'failed',
  ]);
});
