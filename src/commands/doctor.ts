import { Command } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { defaultConfig, loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { examine } from '../doctor/examine.ts';
import { type Finding, failedBy, ok } from '../doctor/finding.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { findingText } from '../io/terminal/findings-table.ts';
import { openCamera } from './open-camera.ts';
import { stopOnSignals } from './stop-on-signals.ts';

type Flags = Readonly<{ config?: string; json?: true; lights?: true }>;

/** `fevergate doctor`: everything an installer can get wrong, and how to mend it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check sensor, camera, lamps, buzzer, clock, disk, models and broker, and say how to mend them',
    )
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--lights', 'light every lamp and sound the buzzer')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nEnds with 1 when something keeps the gate from working, with 0 otherwise.')
    .action(async (flags: Flags) => {
      const findings: Finding[] = [];
      const table = flags.json ? process.stderr : process.stdout;
      for await (const finding of findingsOf(flags)) {
        findings.push(finding);
        if (!flags.json || table.isTTY) table.write(`${findingText(finding, table.isTTY)}\n`);
      }
      const healthy = findings.every(({ status }) => status !== 'failed');
      if (flags.json) process.stdout.write(`${JSON.stringify({ healthy, findings }, null, 2)}\n`);
      else table.write(`${conclusion(findings)}\n`);
      process.exitCode = healthy ? 0 : 1;
    });
}

async function* findingsOf(flags: Flags): AsyncGenerator<Finding> {
  const { config, finding } = await configFinding(flags.config ?? null);
  yield finding;
  const clock = createSystemClock();
  // The camera's own attempts are the doctor's findings, not log lines between them.
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  yield* examine({
    config,
    clock,
    openCamera: () => openCamera(config, clock, log),
    show: flags.lights
      ? { say: (what) => void process.stderr.write(`  now: ${what}\n`), signal: stopOnSignals() }
      : null,
  });
}

/** A wrong configuration is a finding; the hardware is then looked at as the defaults have it. */
async function configFinding(file: string | null): Promise<Readonly<{ config: Config; finding: Finding }>> {
  try {
    const config = await loadConfig(file);
    return { config, finding: ok('configuration', file ?? 'the built-in defaults') };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: defaultConfig(), finding: failedBy('configuration', error) };
  }
}

function conclusion(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((one) => one.status === status).length;
  const failures = count('failed');
  const rest = `${count('warning')} warnings, ${count('skipped')} not looked at`;
  return failures === 0
    ? `the gate can run (${rest})`
    : `${failures} to mend before the gate can run (${rest})`;
}
