import { Command } from 'commander';
import type { Signal } from '../domain/signal.ts';
import { PATTERNS } from '../feedback/patterns.ts';
import { drawTimeline } from '../feedback/timeline.ts';

const SPAN_MS = 3000;
const SIGNALS = Object.keys(PATTERNS) as readonly Signal[];

/** `fevergate signals`: every light and sound pattern drawn over time. */
export function signalsCommand(): Command {
  return new Command('signals')
    .description('draw every light and sound pattern as a timeline (3 seconds, a column is 50 ms)')
    .action(() => {
      for (const signal of SIGNALS) {
        const { red, yellow, green, buzzer } = drawTimeline(signal, SPAN_MS);
        process.stdout.write(
          `${signal}\n  red    ${red}\n  yellow ${yellow}\n  green  ${green}\n  buzzer ${buzzer}\n`,
        );
      }
    });
}
