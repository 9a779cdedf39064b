import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the import rules see every module and hold', { timeout: 60_000 }, () => {
  const out = execFileSync('npx', ['depcruise', 'src', '--output-type', 'json'], {
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  const { modules, summary } = JSON.parse(out) as {
    modules: readonly { source: string }[];
    summary: { error: number };
  };
  const seen = modules.map((module) => module.source).filter((source) => source.startsWith('src/'));
  const written = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  // A cruise of nothing is green too.
  expect(seen).toHaveLength(written.length);
  expect(summary.error).toBe(0);
});
