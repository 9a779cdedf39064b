import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../src/config/schema.ts';
import { refreshRateFor } from '../../../src/thermal/mlx90640/bus-speed.ts';

const DOCS = path.join(import.meta.dirname, '../../../docs');
const read = (file: string): string => readFileSync(path.join(DOCS, file), 'utf8');

/** Pins of the 40-pin header, by GPIO (raspberrypi.com, GPIO and the 40-pin header). */
const HEADER_PIN: Readonly<Record<number, number>> = { 2: 3, 3: 5, 17: 11, 18: 12, 22: 15, 23: 16, 27: 13 };

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe.each(['wiring.md', 'wiring.ko.md'])('%s', (file) => {
  const text = read(file);
  const blocks = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);
  const defaults = configSchema.parse({});

  test('every configuration in it is accepted', () => {
    expect(blocks.length).toBe(4);
    for (const block of blocks) expect(configSchema.safeParse(parse(block)).error).toBeUndefined();
  });

  test('its pins are those of the configuration', () => {
    const rows = text.split('\n').filter((line) => /\| GPIO\d+ \|/.test(line));
    const pinOf = new Map(
      rows.map(cells).map(([, gpio = '', header, field = '']) => {
        const pin = Number(gpio.slice('GPIO'.length));
        expect(HEADER_PIN[pin], gpio).toBe(Number(header));
        return [field.replaceAll('`', ''), pin];
      }),
    );
    const { red, yellow, green, buzzer } = defaults.lines;
    expect(pinOf.get('lines.red.pin')).toBe(red.pin);
    expect(pinOf.get('lines.yellow.pin')).toBe(yellow.pin);
    expect(pinOf.get('lines.green.pin')).toBe(green.pin);
    expect(pinOf.get('lines.buzzer.pin')).toBe(buzzer.pin);
    expect(parse(blocks[1] ?? '')).toMatchObject({
      lines: { sensorPower: { pin: pinOf.get('lines.sensorPower.pin') } },
    });
  });

  test('its bus speeds are those of the driver', () => {
    const rows = [...text.matchAll(/^\| (\d+) kHz \| (\d+) Hz \|$/gm)];
    expect(rows).toHaveLength(4);
    for (const [, busKhz, rateHz] of rows) {
      expect(refreshRateFor(Number(busKhz) * 1000, 32)).toBe(Number(rateHz));
    }
  });

  test('its fields of view are those of the lenses', () => {
    const lenses = { BAB: [55, 35], BAA: [110, 75] } as const;
    for (const [lens, [acrossDeg, downDeg]] of Object.entries(lenses)) {
      const sizeM = (deg: number, atM: number): string =>
        (2 * atM * Math.tan((deg / 2) * (Math.PI / 180))).toFixed(2);
      const field = (atM: number): string => `${sizeM(acrossDeg, atM)} x ${sizeM(downDeg, atM)} m`;
      const pixel = (atM: number): string => `${((1000 * Number(sizeM(acrossDeg, atM))) / 32).toFixed(0)} mm`;
      expect(text).toContain(`| ${lens} | ${field(0.5)} | ${field(0.9)} | ${pixel(0.5)} | ${pixel(0.9)} |`);
    }
  });

  test('a weak supply is provided for: 100 nF and 10 uF at the sensor', () => {
    expect(text).toContain('100 nF');
    expect(text).toContain('10 uF');
    expect(read('images/wiring.svg')).toMatch(/100 nF.*10 uF/s);
  });
});

test('both languages show the same figures, commands and configurations', () => {
  const figures = (file: string): string[] =>
    read(file)
      .replaceAll(/^#+ .*$|#.*$/gm, '')
      .match(/`[^`\n]+`|\b\d+(?:\.\d+)? (?:mm|m|kHz|Hz|nF|uF|ohm|kohm|V)\b/g)
      ?.filter((one) => one !== '`') ?? [];
  expect(new Set(figures('wiring.ko.md'))).toEqual(new Set(figures('wiring.md')));
});

test('the drawing connects the header pins that the table names', () => {
  const svg = read('images/wiring.svg');
  for (const gpio of [2, 3, 17, 18, 22, 23, 27])
    expect(svg).toMatch(new RegExp(`font-weight="700"[^>]*>GPIO${gpio}\\b`));
});
