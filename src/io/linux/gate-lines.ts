import type { Config } from '../../config/schema.ts';
import type { GateLines, OutputLine, ToneLine } from '../../ports/output-line.ts';
import { findGpioChip, type GpioOutput, gpioChips, type OutputOptions, openGpioOutput } from './gpio-chip.ts';
import { openPwmTone } from './pwm-tone.ts';
import { sysfsOutputs } from './sysfs-gpio.ts';

/** The gate's real outputs. */
export type LinuxLines = GateLines &
  Readonly<{
    /** Switches the thermal array's supply, on from the start; null: nothing is wired for it. */
    sensorPower: OutputLine | null;
    /** Everything off and silent, the sensor's supply on. Works in an `exit` handler too. */
    makeSafe(): void;
    /** Makes safe and gives the lines back. */
    close(): void;
  }>;

type Closing = (() => void)[];
type Lamp = Config['lines']['red'];

const NO_LAMP: OutputLine = { set: () => undefined };
const NO_SOUND: ToneLine = { tone: () => undefined };

/**
 * Takes the configured lines, every one off from the first moment.
 * @throws DeviceError; what was taken before is given back
 */
export async function openLinuxLines({ lines }: Pick<Config, 'lines'>): Promise<LinuxLines> {
  const openOutput = await outputsOf(lines);
  const closing: Closing = [];
  const open = (options: OutputOptions): GpioOutput => {
    const line = openOutput(options);
    closing.push(() => line.close());
    return line;
  };
  const lamp = (colour: string, { pin, activeLow, drive }: Lamp): OutputLine =>
    pin === null ? NO_LAMP : open({ pin, activeLow, drive, consumer: `fevergate-${colour}` });

  try {
    const { pin: powerPin, ...power } = lines.sensorPower;
    const gateLines: GateLines = {
      red: lamp('red', lines.red),
      yellow: lamp('yellow', lines.yellow),
      green: lamp('green', lines.green),
      buzzer: await openBuzzer(lines, open, closing),
    };
    const sensorPower =
      powerPin === null
        ? null
        : open({ ...power, pin: powerPin, initially: true, consumer: 'fevergate-sensor-power' });
    const makeSafe = (): void => {
      const { red, yellow, green, buzzer } = gateLines;
      everyOne([
        ...[red, yellow, green].map((lamp) => () => lamp.set(false)),
        () => buzzer.tone(0),
        () => sensorPower?.set(true),
      ]);
    };
    return {
      ...gateLines,
      sensorPower,
      makeSafe,
      close: () => everyOne([makeSafe, ...closing.reverse()]),
    };
  } catch (error) {
    try {
      everyOne(closing.reverse());
    } catch {
      // What kept the lines from being opened is what has to be told.
    }
    throw error;
  }
}

async function outputsOf({ driver, chip }: Config['lines']): Promise<(options: OutputOptions) => GpioOutput> {
  if (driver === 'onoff') return sysfsOutputs(chip);
  const found = findGpioChip(chip, gpioChips());
  return (options) => openGpioOutput(found, options);
}

async function openBuzzer(
  { buzzer }: Config['lines'],
  open: (options: OutputOptions) => GpioOutput,
  closing: Closing,
): Promise<ToneLine> {
  const { kind, pin, activeLow, drive, pwmChip, pwmChannel } = buzzer;
  if (kind === 'none') return NO_SOUND;
  if (kind === 'active') {
    const line = open({ pin, activeLow, drive, consumer: 'fevergate-buzzer' });
    return { tone: (frequencyHz) => line.set(frequencyHz > 0) };
  }
  const tone = await openPwmTone({ chip: pwmChip ?? 'auto', channel: pwmChannel });
  closing.push(() => tone.close());
  return tone;
}

/** Does all of it whatever fails, then throws the first failure. */
function everyOne(acts: readonly (() => void)[]): void {
  const failures = acts.flatMap((act) => {
    try {
      act();
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (failures.length > 0) throw failures[0];
}
