import type { Config } from '../config/schema.ts';
import { showOutputs } from '../feedback/outputs-show.ts';
import { DeviceError } from '../io/linux/device-error.ts';
import { openLinuxLines } from '../io/linux/gate-lines.ts';
import type { Clock } from '../ports/clock.ts';
import { type Finding, failedBy, ok } from './finding.ts';

const CHECK = 'lines';

/**
 * Takes the configured lines and gives them back, everything off.
 * @param show lights and sounds each in turn, telling which; null: only takes them
 */
export async function checkLines(
  config: Config,
  clock: Clock,
  show: Readonly<{ say: (what: string) => void; signal: AbortSignal }> | null,
): Promise<Finding> {
  try {
    const lines = await openLinuxLines(config);
    try {
      if (show !== null) await showOutputs(lines, clock, show.say, show.signal);
    } finally {
      lines.close();
    }
    return ok(CHECK, describe(config.lines));
  } catch (error) {
    if (error instanceof DeviceError) return failedBy(CHECK, error);
    throw error;
  }
}

function describe({ driver, red, yellow, green, buzzer }: Config['lines']): string {
  const lamps = [
    ['red', red.pin],
    ['yellow', yellow.pin],
    ['green', green.pin],
  ] as const;
  const named = lamps.flatMap(([colour, pin]) => (pin === null ? [] : [`${colour} GPIO${pin}`]));
  const sound = buzzer.kind === 'none' ? 'no buzzer' : `${buzzer.kind} buzzer`;
  const deprecated = driver === 'onoff' ? ' (through sysfs, which is deprecated)' : '';
  return `${[...named, sound].join(', ')}${deprecated}`;
}
