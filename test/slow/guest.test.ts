import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutputOptions } from '../../src/io/linux/gpio-chip.ts';
import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import type { I2cBus } from '../../src/ports/i2c-bus.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { type GuestMachine, startGuest } from '../hardware/vm/guest-machine.ts';
import { bootImage } from '../hardware/vm/initramfs.ts';
import { whenAvailable } from '../hardware/vm/kept.ts';
import { aSensor } from '../support/a-sensor.ts';
import { stillScene } from '../support/virtual-sensor.ts';

const SENSOR = 0x33;
const CHIP = 'mcp2221_gpio';
const RAM = 0x0400;
const RAM_BYTES = 1664;
/** Register address of the EEPROM's word 15, and what the sensor there has in it. */
const I2C_ADDRESS_WORD = [0x24, 0x0f];
const I2C_ADDRESS_BYTES = [0x00, 0x33];

const made = await whenAvailable(bootImage);

describe.skipIf(made.value === null)(`an arm64 kernel's own I2C and GPIO ${made.reason ?? ''}`, () => {
  const eeprom = aSensor();
  const clock = createSystemClock();
  const pictures: number[][] = [];
  const sensor = new VirtualMlx90640({
    clock,
    eeprom,
    scene: stillScene(Float64Array.from({ length: 768 }, (_, pixel) => 22 + (pixel % 32) / 4)),
    poweredOnAtMs: clock.nowMs() - 3_600_000,
  });
  /** The sensor's wires, with what went over them kept. */
  const bus: I2cBus = {
    async transfer(address, write, readLength) {
      const bytes = await sensor.transfer(address, write, readLength);
      if (write[0] === RAM >> 8 && write[1] === (RAM & 0xff)) pictures.push(wordsOf(bytes));
      return bytes;
    },
  };
  let guest: GuestMachine;
  let busNumber: number;

  beforeAll(async () => {
    if (made.value === null) return;
    guest = await startGuest(made.value, bus);
    busNumber = await guest.call('plug');
    await guest.call('openBus', busNumber);
  });
  afterAll(async () => {
    await guest?.stop();
    await made.value?.remove();
  });

  test('it is a stock Debian kernel on arm64', async () => {
    const { arch, kernel } = await guest.call('machine');
    expect(arch).toBe('arm64');
    expect(made.value?.versions).toContain(`linux-image-${kernel}_`);
  });

  describe('I2C', () => {
    test('the driver reads the whole EEPROM in one transfer, and whole frames', async () => {
      // A frame takes some 250 ms through the bridge, and three times that on a busy machine.
      const read = await guest.call('readSensor', { refreshRateHz: 1, adcBits: 19 }, 2);
      expect(read.eeprom).toEqual([...eeprom]);
      expect(read.id).toBe('0123456789ab');
      expect(new Set(read.subpages.map((words) => words[833]))).toEqual(new Set([0, 1]));
      for (const words of read.subpages) expect(pictures).toContainEqual(words.slice(0, RAM_BYTES / 2));
      expect(read.statistics).toMatchObject({ delivered: 2, retries: 0 });
      expect(sensor.eepromWrites).toBe(0);
    });

    test('a plain write reaches the sensor', async () => {
      await guest.call('transfer', SENSOR, [0x80, 0x0d, 0x19, 0x81], 0);
      expect(await sensor.transfer(SENSOR, Uint8Array.of(0x80, 0x0d), 2)).toEqual(Uint8Array.of(0x19, 0x81));
    });

    test.each([
      ['a read', 2],
      ['a write', 0],
    ])('an address where nobody is does not acknowledge %s, and the bus goes on', async (_, readLength) => {
      const lonely = guest.call('transfer', 0x40, [0, 0], readLength);
      await expect(lonely).rejects.toMatchObject({ kind: 'I2cError', code: 'no-acknowledge' });
      expect(await guest.call('transfer', SENSOR, I2C_ADDRESS_WORD, 2)).toEqual(I2C_ADDRESS_BYTES);
    });

    test('a sensor that holds the bus makes a transfer time out, until it lets go', async () => {
      sensor.setFault('stuck');
      try {
        const stuck = guest.call('transfer', SENSOR, I2C_ADDRESS_WORD, 2);
        await expect(stuck).rejects.toMatchObject({ kind: 'I2cError', code: 'timeout' });
      } finally {
        sensor.setFault('none');
      }
      expect(await guest.call('transfer', SENSOR, I2C_ADDRESS_WORD, 2)).toEqual(I2C_ADDRESS_BYTES);
    });

    test('a bus that is not there is told as such', async () => {
      const opened = guest.call('openBus', busNumber + 7);
      await expect(opened).rejects.toMatchObject({ kind: 'DeviceError', code: 'device-missing' });
    });
  });

  describe.each(['gpiochip', 'onoff'] as const)('lines by %s', (driver) => {
    const take = (options: OutputOptions): Promise<number> =>
      guest.call(driver === 'gpiochip' ? 'take' : 'takeBySysfs', CHIP, options);

    test('the line found by the chip’s label switches, and no other', async () => {
      const others = guest.bridge.pins.filter((_, pin) => pin !== 2);
      const line = await take({ pin: 2, consumer: 'test' });
      expect(guest.bridge.pins[2]).toEqual({ level: 0, output: true });
      for (const level of [1, 0, 1] as const) {
        await guest.call('set', line, level === 1);
        expect(guest.bridge.pins[2]).toEqual({ level, output: true });
      }
      await guest.call('giveBack', line);
      expect(guest.bridge.pins.filter((_, pin) => pin !== 2)).toEqual(others);
    });

    test('a line that is on when low starts high and goes low', async () => {
      const line = await take({ pin: 1, activeLow: true, consumer: 'test' });
      expect(guest.bridge.pins[1]).toEqual({ level: 1, output: true });
      await guest.call('set', line, true);
      expect(guest.bridge.pins[1]).toEqual({ level: 0, output: true });
      await guest.call('giveBack', line);
    });

    test('a line taken as on is on from the start', async () => {
      const line = await take({ pin: 3, initially: true, consumer: 'test' });
      expect(guest.bridge.pins[3]).toEqual({ level: 1, output: true });
      await guest.call('giveBack', line);
    });

    test('a chip that is not there is told with those that are', async () => {
      const call = driver === 'gpiochip' ? 'take' : 'takeBySysfs';
      const taken = guest.call(call, 'pinctrl-rp1', { pin: 2, consumer: 'test' });
      await expect(taken).rejects.toMatchObject({
        kind: 'DeviceError',
        code: 'device-missing',
        message: expect.stringContaining(CHIP),
      });
    });
  });

  test('the chip is not the first one, and sysfs counts its lines from another base', async () => {
    const chips = await guest.call('chips');
    expect(chips.length).toBeGreaterThan(1);
    expect(chips.findIndex(({ label }) => label === CHIP)).toBeGreaterThan(0);
    const { base, lines } = await guest.call('sysfsChip', CHIP);
    expect(base).toBeGreaterThanOrEqual(512);
    expect(lines).toBe(4);
  });

  test('an open drain lets go of the line when on, and pulls it low when off', async () => {
    const line = await guest.call('take', CHIP, {
      pin: 0,
      drive: 'open-drain',
      initially: true,
      consumer: 'test',
    });
    expect(guest.bridge.pins[0]?.output).toBe(false);
    await guest.call('set', line, false);
    expect(guest.bridge.pins[0]).toEqual({ level: 0, output: true });
    await guest.call('giveBack', line);
  });

  test('a line that somebody holds is busy until it is given back', async () => {
    const held = await guest.call('take', CHIP, { pin: 2, consumer: 'first' });
    const second = guest.call('take', CHIP, { pin: 2, consumer: 'second' });
    await expect(second).rejects.toMatchObject({ kind: 'DeviceError', code: 'line-busy' });
    await guest.call('giveBack', held);
    await guest.call('giveBack', await guest.call('take', CHIP, { pin: 2, consumer: 'second' }));
  });

  test('a line beyond the last is refused', async () => {
    const taken = guest.call('take', CHIP, { pin: 4, consumer: 'test' });
    await expect(taken).rejects.toMatchObject({ kind: 'DeviceError', code: 'device-unfit' });
  });

  describe('the bridge pulled out and plugged in again', () => {
    test('its transfers fail, its bus is gone once closed, and works anew', async () => {
      const line = await guest.call('take', CHIP, { pin: 2, consumer: 'test' });
      await guest.call('pull');
      await expect(guest.call('set', line, true)).rejects.toMatchObject({
        kind: 'SystemCallError',
        code: 'ENODEV',
      });
      await guest.call('giveBack', line);
      const pulled = guest.call('transfer', SENSOR, I2C_ADDRESS_WORD, 2);
      // The driver of this bridge waits 4 s for an answer that does not come any more.
      await expect(pulled).rejects.toMatchObject({ kind: 'I2cError', code: 'timeout' });
      await guest.call('closeBus');
      await guest.call('untilGone');
      const gone = guest.call('openBus', busNumber);
      await expect(gone).rejects.toMatchObject({ kind: 'DeviceError', code: 'device-missing' });
      busNumber = await guest.call('plug');
      await guest.call('openBus', busNumber);
      expect(await guest.call('transfer', SENSOR, I2C_ADDRESS_WORD, 2)).toEqual(I2C_ADDRESS_BYTES);
    });
  });
});

function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 2 }, (_, word) => view.getUint16(2 * word));
}
