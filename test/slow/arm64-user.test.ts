import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import { openSensorImages } from '../../src/io/store/sensor-images.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { createEmulatedHardware, type EmulatedHardware } from '../hardware/emulator/emulated-hardware.ts';
import { arm64Program, arm64Shim } from '../hardware/vm/arm64-program.ts';
import { whenAvailable } from '../hardware/vm/kept.ts';
import { aSensor } from '../support/a-sensor.ts';
import { fevergate } from '../support/command.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';
import { stillScene } from '../support/virtual-sensor.ts';

const SENSOR_ID = '0123456789ab';
const PINS = { red: 17, yellow: 27, green: 22, buzzer: 18 } as const;

const made = await whenAvailable(arm64Program);

describe.skipIf(made.value === null)(`the arm64 installation ${made.reason ?? ''}`, () => {
  const arm64 = () => {
    if (made.value === null) throw new Error('not made');
    return made.value;
  };
  afterAll(() => made.value?.remove());

  /** What a module that runs in the installation prints. */
  const printed = async (source: string): Promise<string> => {
    const { code, stdout, stderr } = await arm64().node(['--input-type=module', '-e', source]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return stdout.trim();
  };

  test('the command line tells its commands', async () => {
    const { code, stdout } = await arm64().fevergate(['doctor', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: fevergate doctor');
  });

  test('system calls come through koffi’s arm64 part', async () => {
    const told = await printed(`
      import koffi from 'koffi';
      import { ioctl } from './dist/io/linux/libc.js';
      const FIONREAD = 0x541b;
      const getpid = koffi.load(null).func('int getpid()');
      let code = null;
      try { ioctl(-1, FIONREAD, new Uint8Array(8), 'ioctl') } catch (error) { code = error.code }
      console.log(process.arch, getpid() === process.pid, code);`);
    expect(told).toBe('arm64 true EBADF');
  });

  test('pictures are read by sharp’s arm64 part', async () => {
    const told = await printed(`
      import sharp from 'sharp';
      const create = { width: 8, height: 6, channels: 3, background: '#204060' };
      const picture = await sharp({ create }).png().toBuffer();
      const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
      console.log(info.width, info.height, data.subarray(0, 3).toString('hex'));`);
    expect(told).toBe('8 6 204060');
  });

  describeWithSharedData('the face network', () => {
    test('finds the same faces as on this machine', async () => {
      const picture = sharedData('gate-photos/14-photo.jpg');
      const [here, there] = await Promise.all(
        [fevergate, arm64().fevergate].map(async (run) => {
          const { stdout } = await run(['detect', '--backend', 'wasm', picture]);
          return (JSON.parse(stdout) as { faces: DetectedFace[] }).faces;
        }),
      );
      expect(here?.length).toBeGreaterThan(0);
      expect(there).toHaveLength(here?.length ?? 0);
      for (const [index, { mask, ...numbers }] of (here ?? []).entries()) {
        const face = there?.[index];
        expect(face?.mask.state).toBe(mask.state);
        expect(face?.mask.score).toBeCloseTo(mask.score, 1);
        for (const [name, value] of Object.entries(numbers)) expect(face?.[name]).toBeCloseTo(value, 1);
      }
    });
  });

  type DetectedFace = Record<string, number> & { mask: { state: string; score: number } };

  describe('on emulated devices', () => {
    let hardware: EmulatedHardware;
    let config: string;
    let env: Readonly<Record<string, string>>;
    const records = () => path.join(arm64().folder, 'records');

    beforeAll(async () => {
      const clock = createSystemClock();
      const sensor = new VirtualMlx90640({
        clock,
        eeprom: aSensor(),
        scene: stillScene(new Float64Array(768).fill(25)),
        poweredOnAtMs: clock.nowMs() - 3_600_000,
      });
      hardware = await createEmulatedHardware({
        buses: new Map([[1, sensor]]),
        chips: [{ number: 0, label: 'pinctrl-rp1', lines: 54 }],
      });
      env = { ...hardware.env, LD_PRELOAD: await arm64Shim() };
      config = path.join(arm64().folder, 'gate.yaml');
      const buzzer = `{ kind: active, pin: ${PINS.buzzer} }`;
      const text = `records: { directory: ${records()} }\nlines: { buzzer: ${buzzer} }\n`;
      await writeFile(config, text);
    });
    afterAll(() => hardware?.close());

    test('the sensor’s EEPROM is read in one transaction, and kept word by word', async () => {
      const { code, stdout, stderr } = await arm64().fevergate(['sensor', 'accept', '--config', config], env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(SENSOR_ID);
      expect(hardware.trace.transactions).toContain('S33W[2400]S33R[1664]P');
      const kept = (await openSensorImages(records())).all().get(SENSOR_ID);
      expect(kept).toEqual(aSensor());
    });

    test('every lamp and the buzzer switches, and all are off at the end', async () => {
      const { code, stderr } = await arm64().fevergate(['lines', 'test', '--config', config], env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lit = hardware.trace.entries.flatMap((entry) =>
        entry.kind === 'edge' && entry.level === 1 ? [entry.line] : [],
      );
      expect(lit).toEqual([PINS.red, PINS.yellow, PINS.green, PINS.buzzer, PINS.buzzer]);
      for (const pin of Object.values(PINS)) expect(hardware.gpio.level(0, pin)).toBe(0);
      expect(hardware.gpio.holders()).toEqual([]);
    });

    test('a bus that is not there is told in one line', async () => {
      const other = path.join(arm64().folder, 'other.yaml');
      await writeFile(other, `records: { directory: ${records()} }\ni2c: { bus: 7 }\n`);
      const { code, stderr } = await arm64().fevergate(['sensor', 'show', '--config', other], env);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^fevergate: \/dev\/i2c-7 is not there: .*\n$/);
    });
  });
});
