import { readFileSync, rmSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import {
  Bench,
  echo,
  PI5_CHIPS,
  PI5_PWM,
  PINCTRL,
  realTimeSensor,
  withStuckSensor,
} from '../hardware/probes/bench.ts';
import { aSensor } from '../support/a-sensor.ts';
import { lackOfEmulatedHardware, runUnder, until } from '../support/emulated-hardware.ts';

const lack = lackOfEmulatedHardware();
const bench = new Bench();

afterEach(() => bench.clear());

const gateWithEcho = async () => {
  const started = await bench.gate({ buses: new Map([[1, echo]]) });
  await started.gate.ask('openBus', 1);
  return started;
};

describe.skipIf(lack !== null)(lack ?? 'I2C through /dev/i2c-N', () => {
  test('EEPROM and RAM arrive whole, each in one combined transaction', async () => {
    const sensor = realTimeSensor();
    const { hardware, gate } = await bench.gate({ buses: new Map([[1, sensor]]) });
    await gate.ask('openBus', 1);
    const eeprom = Buffer.from(await gate.ask('transfer', 0x33, '2400', 1664), 'hex');
    const words = Uint16Array.from({ length: 832 }, (_, word) => eeprom.readUInt16BE(2 * word));
    expect(eeprom).toHaveLength(1664);
    expect(words).toEqual(aSensor());

    // With new data unread and no overwriting allowed, the picture stays.
    const status = async (): Promise<number> =>
      Number.parseInt(await gate.ask('transfer', 0x33, '8000', 2), 16);
    while (((await status()) & 8) === 0);
    const ram = await gate.ask('transfer', 0x33, '0400', 1664);
    expect(ram).toBe(Buffer.from(await sensor.transfer(0x33, Uint8Array.of(4, 0), 1664)).toString('hex'));
    expect(new Set(ram.match(/..../g)).size).toBeGreaterThan(20);
    const { transactions } = hardware.trace;
    expect(transactions.filter((text) => !text.includes('8000'))).toEqual([
      'S33W[2400]S33R[1664]P',
      'S33W[0400]S33R[1664]P',
    ]);
  });

  test('what the kernel says of a failure is told by kind, and the next transfer works', async () => {
    const { hardware, gate } = await gateWithEcho();
    for (const [errno, code] of [
      ['EREMOTEIO', 'no-acknowledge'],
      ['ENXIO', 'no-acknowledge'],
      ['ETIMEDOUT', 'timeout'],
      ['EAGAIN', 'arbitration-lost'],
      ['EBUSY', 'bus-stuck'],
      ['EIO', 'io'],
    ] as const) {
      hardware.setFault(() => ({ errno }));
      const message = expect.stringContaining(errno);
      const failed = gate.ask('transfer', 0x33, '8000', 2);
      await expect(failed).rejects.toMatchObject({ name: 'I2cError', code, message });
      hardware.setFault(null);
      expect(await gate.ask('transfer', 0x33, '8000', 2)).toBe('8000');
    }
  });

  test('half a transaction is an error, not a picture of zeros; flipped bits arrive flipped', async () => {
    const { hardware, gate } = await gateWithEcho();
    hardware.setFault(() => ({ completedMessages: 1 }));
    await expect(gate.ask('transfer', 0x33, '8000', 2)).rejects.toMatchObject({ code: 'io' });
    hardware.setFault(() => ({ flipBits: [{ byte: 1, mask: 0x81 }] }));
    expect(await gate.ask('transfer', 0x33, '8000', 2)).toBe('8081');
    expect(hardware.trace.i2c).toMatchObject([{ outcome: 'short' }, { outcome: 'ok' }]);
  });

  test('a bus that is pulled out is an error, and is opened again when it is back', async () => {
    const { hardware, gate } = await gateWithEcho();
    hardware.removeBus(1);
    await expect(gate.ask('transfer', 0x33, '8000', 2)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('ENODEV'),
    });
    await expect(gate.ask('transfer', 0x33, '8000', 2)).rejects.toMatchObject({ name: 'I2cError' });
    hardware.addBus(1, echo);
    expect(await gate.ask('transfer', 0x33, '8000', 2)).toBe('8000');
  });

  test('transfers asked for at once go one after the other, in that order', async () => {
    const { hardware, gate } = await gateWithEcho();
    const registers = ['2400', '0400', '8000', '800d', '2407', '0700'];
    // The first takes longest, so that any that did not wait would overtake it.
    hardware.setFault(({ index }) => ({ delayMs: 30 - 5 * index }));
    expect(await gate.ask('transfers', 0x33, registers, 2)).toEqual(registers);
    expect(hardware.trace.transactions).toEqual(registers.map((register) => `S33W[${register}]S33R[2]P`));
    expect(hardware.trace.i2c.map(({ alongside }) => alongside)).toEqual(registers.map(() => 0));
  });

  test('a bus that is missing, forbidden, or too simple is told apart', async () => {
    const { gate } = await bench.gate({
      buses: new Map([1, 2].map((number) => [number, echo])),
      smbusOnly: [1],
      forbidden: ['/dev/i2c-2'],
    });
    for (const [bus, code] of ['device-missing', 'device-unfit', 'no-permission'].entries())
      await expect(gate.ask('openBus', bus)).rejects.toMatchObject({ name: 'DeviceError', code });
  });

  test('programs started by the gate see the same devices and are not disturbed', async () => {
    const hardware = await bench.hardware({ buses: new Map([[3, echo]]), chips: PI5_CHIPS });
    const script = `
      const { execFileSync } = require('node:child_process');
      const inner = "const fs = require('node:fs');" +
        "console.log(fs.existsSync('/dev/i2c-3'), fs.existsSync('/dev/i2c-1')," +
        "fs.statSync('/dev/gpiochip10').isCharacterDevice(), fs.readdirSync('/dev').join())";
      process.stdout.write(execFileSync('sh', ['-c', 'echo "$0" | cat', 'through a pipe'], { encoding: 'utf8' }));
      process.stdout.write(execFileSync(process.execPath, ['-e', inner], { encoding: 'utf8' }));`;
    const { code, stdout, stderr } = await runUnder(hardware, ['-e', script]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('through a pipe\ntrue false true gpiochip0,gpiochip10,i2c-3\n');
  });
});

describe.skipIf(lack !== null)(lack ?? 'lines through /dev/gpiochipN', () => {
  test('the chip is found by its label, whatever its number', async () => {
    const chips = [
      { number: 0, label: 'gpio-brcmstb@107d508500', lines: 32 },
      { number: 4, label: 'pinctrl-rp1', lines: 54 },
    ];
    const { gate } = await bench.gate({ chips });
    expect(await gate.ask('chips')).toMatchObject([
      { path: '/dev/gpiochip0', name: 'gpiochip0', label: 'gpio-brcmstb@107d508500', lines: 32 },
      { path: '/dev/gpiochip4', name: 'gpiochip4', label: 'pinctrl-rp1', lines: 54 },
    ]);
    expect(await gate.ask('findChip', 'auto')).toMatchObject({ path: '/dev/gpiochip4' });
    await expect(gate.ask('findChip', 'pinctrl-bcm2711')).rejects.toMatchObject({
      code: 'device-missing',
      message: expect.stringContaining('gpio-brcmstb@107d508500, pinctrl-rp1'),
    });
  });

  test('polarity, drive, first level and consumer are what was asked for', async () => {
    const { hardware, gate } = await bench.gate({ chips: PI5_CHIPS });
    const consumer = 'fevergate-test';
    await gate.ask('openLine', 'auto', { pin: 17, consumer });
    await gate.ask('openLine', 'auto', { pin: 22, consumer, activeLow: true });
    await gate.ask('openLine', 'auto', { pin: 23, consumer, activeLow: true, initially: true });
    await gate.ask('openLine', 'auto', { pin: 24, consumer, drive: 'open-drain', initially: true });
    await gate.ask('openLine', 'auto', { pin: 25, consumer, drive: 'open-source' });
    expect(hardware.levels()).toEqual({ '0:17': 0, '0:22': 1, '0:23': 0, '0:24': 1, '0:25': 0 });
    expect(hardware.trace.lines).toMatchObject([
      { line: 17, drive: 'push-pull', activeLow: false, initial: 0, consumer, direction: 'output' },
      { line: 22, drive: 'push-pull', activeLow: true, initial: 0 },
      { line: 23, drive: 'push-pull', activeLow: true, initial: 1 },
      { line: 24, drive: 'open-drain', activeLow: false, initial: 1 },
      { line: 25, drive: 'open-source', activeLow: false, initial: 0 },
    ]);
    for (const pin of [17, 22, 23, 24, 25]) await gate.ask('setLine', pin, pin < 23 || pin === 25);
    expect(hardware.levels()).toEqual({ '0:17': 1, '0:22': 0, '0:23': 1, '0:24': 0, '0:25': 1 });
  });

  test('a line that another program holds is busy until it dies; one that is not there is unfit', async () => {
    const hardware = await bench.hardware({ chips: PI5_CHIPS });
    const [holder, gate] = await Promise.all([bench.probe(hardware), bench.probe(hardware)]);
    await holder.ask('openLine', 'auto', { pin: 17, consumer: 'other', initially: true });
    const wanted = { pin: 17, consumer: 'fevergate-red' };
    await expect(gate.ask('openLine', 'auto', wanted)).rejects.toMatchObject({ code: 'line-busy' });
    await expect(gate.ask('openLine', 'auto', { ...wanted, pin: 54 })).rejects.toMatchObject({
      code: 'device-unfit',
    });
    await holder.crash();
    await until(() => hardware.gpio.holders().length === 0, 'the kernel takes the line back');
    expect(hardware.gpio.level(0, 17)).toBe(1);
    await gate.ask('openLine', 'auto', wanted);
    expect(hardware.gpio.level(0, 17)).toBe(0);
    await gate.ask('closeLine', 17);
    await gate.ask('openLine', 'auto', wanted);
  });
});

const ACTIVE_LINES = `
lines:
  red: { pin: 17, activeLow: true }
  buzzer: { kind: active, pin: 18 }
  sensorPower: { pin: 5 }
`;
const ALL_OFF = { '0:17': 1, '0:27': 0, '0:22': 0, '0:18': 0, '0:5': 1 };

describe.skipIf(lack !== null)(lack ?? "the gate's lines", () => {
  test('are off from the first moment, the supply on, and safe again whatever they did', async () => {
    const { hardware, gate } = await bench.gate({ chips: PI5_CHIPS });
    await gate.ask('openLines', ACTIVE_LINES);
    expect(hardware.levels()).toEqual(ALL_OFF);
    for (const colour of ['red', 'yellow', 'green'] as const) await gate.ask('lamp', colour, true);
    await gate.ask('buzzer', 2000);
    await gate.ask('power', false);
    expect(hardware.levels()).toEqual({ '0:17': 0, '0:27': 1, '0:22': 1, '0:18': 1, '0:5': 0 });
    await gate.ask('makeSafe');
    expect(hardware.levels()).toEqual(ALL_OFF);
    await gate.ask('closeLines');
    expect(hardware.gpio.holders()).toEqual([]);
  });

  test('taken after a crash they are off', async () => {
    const hardware = await bench.hardware({ chips: PI5_CHIPS });
    const [crashing, next] = await Promise.all([bench.probe(hardware), bench.probe(hardware)]);
    await crashing.ask('openLines', ACTIVE_LINES);
    await crashing.ask('lamp', 'red', true);
    await crashing.ask('buzzer', 2000);
    await crashing.crash();
    await until(() => hardware.gpio.holders().length === 0, 'the kernel takes the lines back');
    expect(hardware.levels()).toEqual({ ...ALL_OFF, '0:17': 0, '0:18': 1 });
    await next.ask('openLines', ACTIVE_LINES);
    expect(hardware.levels()).toEqual(ALL_OFF);
  });

  test('are all given back when one can not be had; the driver onoff tells what to install', async () => {
    const { hardware, gate } = await bench.gate({ chips: PI5_CHIPS });
    await gate.ask('openLine', 'auto', { pin: 22, consumer: 'other' });
    await expect(gate.ask('openLines', ACTIVE_LINES)).rejects.toMatchObject({ code: 'line-busy' });
    expect(hardware.gpio.holders()).toMatchObject([{ line: 22, consumer: 'other' }]);
    // It is no dependency.
    await expect(gate.ask('sysfsOutputs', 'auto')).rejects.toMatchObject({ code: 'driver-missing' });
  });
});

const PASSIVE_BUZZER = 'lines: { buzzer: { kind: passive, pwmChannel: 2 } }';

describe.skipIf(lack !== null)(lack ?? 'tones through /sys/class/pwm', () => {
  test('the header’s chip plays each tone with a period before its pulse, and is silent and free at the end', async () => {
    const { hardware, gate } = await bench.gate({ chips: PI5_CHIPS, pwm: PI5_PWM });
    await gate.ask('openLines', PASSIVE_BUZZER);
    // Nothing has sounded yet, so the channel has no period.
    await gate.ask('makeSafe');
    await gate.ask('buzzer', 2000);
    expect(hardware.pwm.state(1, 2)).toEqual({ periodNs: 500_000, dutyNs: 250_000, enabled: true });
    await gate.ask('buzzer', 8000);
    expect(hardware.pwm.state(1, 2)).toEqual({ periodNs: 125_000, dutyNs: 62_500, enabled: true });
    await gate.ask('buzzer', 0);
    expect(hardware.pwm.state(1, 2)).toMatchObject({ enabled: false });
    await gate.ask('closeLines');
    const taken = hardware.trace.pwm.filter(({ outcome }) => outcome === 'ok');
    const written = taken.map(({ file, text }) => `${file.replace(/.*pwm2?\//, '')}=${text}`).join(' ');
    expect(written).toContain(
      'period=500000 duty_cycle=250000 enable=1 enable=0 duty_cycle=0 period=125000 duty_',
    );
    expect(taken.at(-1)).toMatchObject({ file: 'pwmchip1/unexport', text: '2' });
  });

  test('a tone that a crash has left sounding ends when the channel is taken again', async () => {
    const hardware = await bench.hardware({ chips: PI5_CHIPS, pwm: PI5_PWM });
    const [crashing, next] = await Promise.all([bench.probe(hardware), bench.probe(hardware)]);
    await crashing.ask('openTone', { chip: 'auto', channel: 2 });
    await crashing.ask('tone', 2000);
    await crashing.crash();
    expect(hardware.pwm.state(1, 2)).toMatchObject({ enabled: true });
    await next.ask('openTone', { chip: 'auto', channel: 2 });
    expect(hardware.pwm.state(1, 2)).toMatchObject({ enabled: false });
    const beyond = next.ask('openTone', { chip: 1, channel: 4 });
    await expect(beyond).rejects.toMatchObject({ code: 'device-unfit' });
  });

  test('the lamps go off even when the buzzer can not be silenced', async () => {
    const { hardware, gate } = await bench.gate({ chips: PI5_CHIPS, pwm: PI5_PWM });
    await gate.ask('openLines', PASSIVE_BUZZER);
    await gate.ask('lamp', 'green', true);
    rmSync(`${hardware.env['FEVERGATE_SHIM_PWM']}/pwmchip1`);
    await gate.ask('makeSafe').catch(() => undefined);
    expect(hardware.gpio.level(0, 22)).toBe(0);
  });
});

describe.skipIf(lack !== null)(lack ?? 'a bus that a device holds', () => {
  test('is freed by nine clock pulses and a STOP, and its pins are given back', async () => {
    const hardware = await bench.hardware(withStuckSensor());
    const log = `${hardware.env['FEVERGATE_SHIM_DEV']}/pinctrl.log`;
    const gate = await bench.probe(hardware, { FEVERGATE_PINCTRL_LOG: log });
    await gate.ask('openBus', 1);
    await expect(gate.ask('transfer', 0x33, '2400', 2)).rejects.toMatchObject({ code: 'bus-stuck' });
    await gate.ask('clearBus', 'auto', 2, 3, PINCTRL);
    const edges = hardware.trace.edges.map(({ line, level }) => `${line === 2 ? 'SDA' : 'SCL'}${level}`);
    // The device lets go of its data line after the ninth pulse.
    const pulses = Array.from({ length: 9 }, () => ['SCL0', 'SCL1']).flat();
    expect(edges).toEqual(['SDA0', ...pulses, 'SCL0', 'SDA1', 'SDA0', 'SCL1', 'SDA1']);
    expect(hardware.gpio.holders()).toEqual([]);
    // Both pins at once, in either order.
    expect(readFileSync(log, 'utf8').split('\n').sort()).toEqual(['', '2 a3 pu', '3 a3 pu']);
    expect(await gate.ask('transfer', 0x33, '2400', 2)).toBe('0000');
  });

  test('is left alone when its pins could not be given back', async () => {
    const { hardware, gate } = await bench.gate(withStuckSensor(), { FEVERGATE_PIN_FUNCTION: 'op' });
    const missing = gate.ask('clearBus', 'auto', 2, 3, '/nonexistent/pinctrl');
    await expect(missing).rejects.toMatchObject({ code: 'driver-missing' });
    const noI2c = gate.ask('clearBus', 'auto', 2, 3, PINCTRL);
    await expect(noI2c).rejects.toMatchObject({ code: 'device-unfit' });
    expect(hardware.trace.entries).toEqual([]);
  });
});
