import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rgb, thermalColour } from '../../../src/domain/palette.ts';

const lightness = ([red, green, blue]: Rgb): number => 0.299 * red + 0.587 * green + 0.114 * blue;

describe('palette', () => {
  it('gets lighter with the temperature', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 40, noNaN: true }),
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        (c, more) => {
          fc.pre(c + more <= 40);
          expect(lightness(thermalColour(c + more, 20, 40))).toBeGreaterThan(
            lightness(thermalColour(c, 20, 40)),
          );
        },
      ),
    );
  });

  it('ends in the end colours', () => {
    expect(thermalColour(-300, 20, 40)).toEqual(thermalColour(20, 20, 40));
    expect(thermalColour(400, 20, 40)).toEqual(thermalColour(40, 20, 40));
    expect(thermalColour(30, 30, 30)).toEqual(thermalColour(30, 20, 40));
  });

  it('marks a missing value', () => {
    expect(thermalColour(Number.NaN, 20, 40)).toEqual([0, 96, 64]);
  });
});
