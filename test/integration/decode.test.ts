import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CommandError } from '../../src/commands/command-error.ts';
import { decodeCommand } from '../../src/commands/decode.ts';
import { describeWithSharedData, readSharedJson, sharedData } from '../support/shared-data.ts';

type Line = Readonly<{
  subpage: number;
  vddV: number;
  taC: number;
  toC: (number | null)[];
  brokenPixels: number[];
  outlierPixels: number[];
}>;
type Case = Readonly<{ frame: number[]; vdd_v: number; ta_c: number; to_c: (number | null)[] }>;

let folder: string;
let out: string;
let err: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fevergate-decode-'));
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function decode(content: unknown, ...options: string[]): Promise<Line[]> {
  const file = join(folder, 'dump.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return decodeFile(file, ...options);
}

async function decodeFile(file: string, ...options: string[]): Promise<Line[]> {
  await decodeCommand()
    .exitOverride()
    .parseAsync([file, ...options], { from: 'user' });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function expectSame(line: Line | undefined, expected: Case | undefined): void {
  expect(line?.vddV).toBeCloseTo(expected?.vdd_v ?? 0, 4);
  expect(line?.taC).toBeCloseTo(expected?.ta_c ?? 0, 3);
  expect(line?.toC).toHaveLength(768);
  expected?.to_c.forEach((value, pixel) => {
    const ours = line?.toC[pixel] ?? null;
    expect(ours === null).toBe(value === null);
    expect(Math.abs((ours ?? 0) - (value ?? 0))).toBeLessThan(0.001);
  });
}

describeWithSharedData('fevergate decode', () => {
  const melexis = readSharedJson<{ eeprom: number[]; cases: Case[] }>('mlx90640/melexis-example.json');
  const frames = melexis.cases.slice(0, 2).map(({ frame }) => frame);

  it("decodes Melexis' example, a JSON line a subpage", async () => {
    const lines = await decode({ eeprom: melexis.eeprom, frames }, '--emissivity', '1');
    expect(lines.map(({ subpage }) => subpage)).toEqual([0, 1]);
    expectSame(lines[0], melexis.cases[0]);
    expectSame(lines[1], melexis.cases[1]);
    expect(lines[0]).toMatchObject({ brokenPixels: [], outlierPixels: [] });
    expect(err).toBe('');
  });

  it('takes emissivity and reflected temperature, 0.98 and 8 K below the die by default', async () => {
    const byDefault = await decode({ eeprom: melexis.eeprom, frames });
    expectSame(byDefault[0], melexis.cases[2]);
    out = '';
    const given = await decode(
      { eeprom: melexis.eeprom, frames },
      '--emissivity',
      '0.95',
      '--reflected',
      '25',
    );
    expectSame(given[1], melexis.cases[5]);
  });

  it('decodes a doubtful frame all the same, and says so', async () => {
    const second = readSharedJson<{ eeprom: number[]; cases: Case[] }>('mlx90640/second-sensor.json');
    const lines = await decode({ eeprom: second.eeprom, frames: [second.cases[1]?.frame] });
    expectSame(lines[0], second.cases[1]);
    expect(err).toBe('frames[0]: supply-voltage: supply of 2.600 V, 3 to 3.6 expected\n');
  });

  it('decodes the derived files as they are', async () => {
    const file = sharedData('mlx90640/derived/wide-range-baa.json');
    const { c } = readSharedJson<{ c: { frames: { to: (number | null)[] }[] } }>(
      'mlx90640/derived/wide-range-baa.json',
    );
    const lines = await decodeFile(file, '--emissivity', '0.95', '--reflected', '20');
    expect(lines).toHaveLength(8);
    lines.forEach(({ toC }, index) => {
      toC.forEach((value, pixel) => {
        if (value !== null) expect(Math.abs(value - (c.frames[index]?.to[pixel] ?? 1e9))).toBeLessThan(0.01);
      });
    });
  });

  it("decodes the datasheet's example, whose EEPROM has no serial number", async () => {
    const example = readSharedJson<{ eeprom: number[]; frame: number[] }>(
      'mlx90640/derived/datasheet-worked-example.json',
    );
    const content = { eeprom: example.eeprom, frames: [example.frame] };
    const [line] = await decode(content, '--emissivity', '1', '--reflected', '31');
    expect(line?.toC[367]).toBeCloseTo(80.19, 1);
  });

  it('lists deviating pixels and leaves their values as computed', async () => {
    const eeprom = melexis.eeprom.with(64 + 200, 0).with(64 + 301, (melexis.eeprom[64 + 301] ?? 0) | 1);
    const [line] = await decode({ eeprom, frames }, '--emissivity', '1');
    expect(line).toMatchObject({ brokenPixels: [200], outlierPixels: [301] });
    expect(line?.toC[200]).toBeCloseTo(29.951, 1);
  });

  it('draws a picture', async () => {
    const image = join(folder, 'out.png');
    await decode({ eeprom: melexis.eeprom, frames }, '--image', image);
    const { width, height, format } = await sharp(await readFile(image)).metadata();
    expect({ width, height, format }).toEqual({ width: 640, height: 480, format: 'png' });
    expect(err).toMatch(/27\.\d\d \(dark\) to 34\.\d\d degC \(bright\)/);
  });

  it.each([
    ['not JSON', 'not JSON: '],
    ['[]', 'an object with eeprom and frames expected'],
    ['{}', 'eeprom: a list expected, nothing found'],
    [{ eeprom: melexis.eeprom.slice(1), frames }, 'eeprom: 832 words expected, 831 found'],
    [
      { eeprom: melexis.eeprom.with(5, 70_000), frames },
      'eeprom[5]: a whole number from 0 to 65535 expected, 70000 found',
    ],
    [{ eeprom: melexis.eeprom }, 'frames: a list expected, nothing found'],
    [{ eeprom: melexis.eeprom, frames: [] }, 'frames: at least one expected, none found'],
    [
      { eeprom: melexis.eeprom, frames: [...frames, frames[0]?.slice(0, 800)] },
      'frames[2]: 834 words expected, 800 found',
    ],
    [
      { eeprom: melexis.eeprom, frames: [frames[0]?.with(833, 4)] },
      'frames[0][833]: subpage 0 or 1 expected, 4 found',
    ],
    [
      { eeprom: melexis.eeprom.with(48, 21_964), frames },
      'EEPROM refused: implausible: gain is 21964, expected 4000 to 9000',
    ],
  ])('names what is wrong: %#', async (content, message) => {
    const failure = await decode(content).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandError);
    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining(message) });
    expect(out).toBe('');
  });

  it('says which file can not be read', async () => {
    const command = decodeCommand().exitOverride();
    await expect(command.parseAsync([join(folder, 'none.json')], { from: 'user' })).rejects.toThrow(
      /none\.json: cannot be read: ENOENT/,
    );
  });

  it('refuses an emissivity beyond 0 to 1', async () => {
    await expect(decode({ eeprom: melexis.eeprom, frames }, '--emissivity', '1.5')).rejects.toThrow(
      /at most 1/,
    );
    await expect(decode({ eeprom: melexis.eeprom, frames }, '--reflected', 'warm')).rejects.toThrow(
      /Celsius/,
    );
  });
});
