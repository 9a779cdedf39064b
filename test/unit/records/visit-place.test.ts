import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLANK, PLACE_BYTES } from '../../../src/records/place.ts';
import { parseStoredVisit, type StoredVisit } from '../../../src/records/stored-visit.ts';
import {
  type Head,
  headPlace,
  type KeptAlert,
  type KeptVisit,
  MOST_BLOCKS,
  parseHeadLine,
  parseVisitLine,
  visitPlace,
} from '../../../src/records/visit-place.ts';

const two = (most: number, least = 0) =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(2, '0'));
const time = fc
  .tuple(
    fc.integer({ min: 1000, max: 9999 }),
    two(12, 1),
    two(28, 1),
    two(23),
    two(59),
    two(59),
    fc.constantFrom('+', '-'),
    two(23),
    two(59),
  )
  .map(
    ([year, month, day, hour, minute, second, sign, hours, minutes]) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}${sign}${hours}:${minutes}`,
  );
/** As many digits as a number can have. */
const double = (min: number, max: number) =>
  fc.oneof(
    fc.double({ min, max, noNaN: true }),
    fc.constantFrom(
      ...[-1.2345678901234568e-300, 1.7976931348623157e308, -49.99999999999999].filter(
        (value) => value >= min && value <= max,
      ),
    ),
  );
const ELEVATED_KEYS = [
  'number',
  'time',
  'mask',
  'class',
  'temperature_c',
  'uncertainty_c',
  'baseline_c',
  'limit_c',
  'sensor',
] as const;
const MOST_DIGITS = 999_999_999_999_999;
const common = {
  number: fc.oneof(fc.integer({ min: 1 }), fc.constant(Number.MAX_SAFE_INTEGER)),
  time,
  mask: fc.constantFrom('worn', 'not-worn', 'unsure'),
};
const doubtful = { time_trusted: fc.constant(false) };
const celsius = double(-50, 150);
const check = fc.record({
  result: fc.constantFrom('confirmed', 'cleared'),
  temperature_c: fc.option(fc.double({ min: 30, max: 45, noNaN: true })),
  time,
});
const visit = fc.oneof(
  fc.record(
    { ...common, ...doubtful, class: fc.constant('normal') },
    { requiredKeys: ['number', 'time', 'mask', 'class'] },
  ),
  fc.record(
    {
      ...common,
      ...doubtful,
      class: fc.constantFrom('recheck', 'elevated'),
      temperature_c: celsius,
      uncertainty_c: double(0, Number.MAX_VALUE),
      baseline_c: fc.option(celsius),
      limit_c: celsius,
      sensor: fc.stringMatching(/^[0-9a-f]{12}$/),
      check,
    },
    {
      requiredKeys: [...ELEVATED_KEYS],
    },
  ),
) as fc.Arbitrary<StoredVisit>;
const photo = fc.option(
  fc.record({
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    blocks: fc.array(fc.oneof(fc.nat(999_999), fc.constant(999_999)), {
      minLength: 1,
      maxLength: MOST_BLOCKS,
    }),
  }),
);
const hundredths = (min: number, max: number) =>
  fc.integer({ min: 100 * min, max: 100 * max }).map((value) => value / 100);
/** What a gate writes, with an alert. */
const elevated = fc.record(
  {
    ...common,
    ...doubtful,
    class: fc.constant('elevated'),
    temperature_c: hundredths(-50, 150),
    uncertainty_c: hundredths(0, 1000),
    baseline_c: fc.option(hundredths(-50, 150)),
    limit_c: hundredths(-50, 150),
    sensor: fc.stringMatching(/^[0-9a-f]{12}$/),
    check,
  },
  { requiredKeys: [...ELEVATED_KEYS] },
) as fc.Arbitrary<StoredVisit>;
const alert: fc.Arbitrary<KeptAlert> = fc.record({
  sequence: fc.oneof(fc.integer({ min: 1 }), fc.constant(MOST_DIGITS)),
  waitsSinceMs: fc.option(
    fc.oneof(
      fc.maxSafeNat().map((ms) => ms % MOST_DIGITS),
      fc.constant(MOST_DIGITS),
    ),
  ),
});
const kept: fc.Arbitrary<KeptVisit> = fc.oneof(
  fc.record({ visit, photo, alert: fc.constant(null) }),
  fc.record({ visit: elevated, photo, alert }),
);
const lineOf = (place: Uint8Array): string => Buffer.from(place).toString('latin1').trimEnd();

describe('a place', () => {
  test('holds whatever visit and photo there can be, as a line of JSON, and gives them back', () => {
    fc.assert(
      fc.property(kept, (one) => {
        // As JSON has it: -0 is 0.
        const readable = parseStoredVisit(JSON.stringify(one.visit));
        expect(readable).not.toBeNull();
        const place = visitPlace(one);
        expect(place).toHaveLength(PLACE_BYTES);
        expect(Buffer.from(place).indexOf('\n')).toBe(PLACE_BYTES - 1);
        const line = lineOf(place);
        expect(JSON.parse(line)).toMatchObject({ ...readable });
        const read = parseVisitLine(line);
        expect(read?.visit).toEqual(readable);
        expect(read?.photo?.blocks).toEqual(one.photo?.blocks);
        expect(read?.alert).toEqual(one.alert);
        expect(read?.photo === null ? null : new Uint8Array(read?.photo.key ?? [])).toEqual(
          one.photo?.key ?? null,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('holds the longest visit that the schema allows, with the longest photo', () => {
    const celsiusLong = -1.2345678901234568e-300;
    const longest = {
      number: Number.MAX_SAFE_INTEGER,
      time: '9999-12-31T23:59:59+23:59',
      time_trusted: false,
      class: 'elevated',
      mask: 'not-worn',
      temperature_c: celsiusLong,
      uncertainty_c: 1.2345678901234568e-300,
      baseline_c: celsiusLong,
      limit_c: celsiusLong,
      sensor: '0123456789ab',
      check: { result: 'confirmed', temperature_c: 36.12345678901234, time: '9999-12-31T23:59:59+23:59' },
    } as const;
    expect(parseStoredVisit(JSON.stringify(longest))).toEqual(longest);
    // More digits than a double has: nothing longer passes.
    expect(JSON.stringify(celsiusLong)).toHaveLength(24);
    const photo = { key: new Uint8Array(32).fill(255), blocks: Array<number>(MOST_BLOCKS).fill(999_999) };
    expect(lineOf(visitPlace({ visit: longest, photo, alert: null })).length).toBeLessThan(PLACE_BYTES);
    const tooMany = { ...photo, blocks: [...photo.blocks, 1] };
    expect(() => visitPlace({ visit: longest, photo: tooMany, alert: null })).toThrow(RangeError);
    // With temperatures as a gate writes them, the longest alert too.
    const written = {
      ...longest,
      temperature_c: -49.99,
      uncertainty_c: 999.99,
      baseline_c: -49.99,
      limit_c: -49.99,
    };
    const alert = { sequence: MOST_DIGITS, waitsSinceMs: MOST_DIGITS };
    expect(lineOf(visitPlace({ visit: written, photo, alert })).length).toBeLessThan(PLACE_BYTES);
    expect(
      parseStoredVisit(JSON.stringify({ ...longest, time: '9999-12-31T23:59:59.123+23:59' })),
    ).toBeNull();
  });

  test('with any changed byte is not read', () => {
    fc.assert(
      fc.property(kept, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, flip) => {
        const line = Buffer.from(lineOf(visitPlace(one)), 'latin1');
        line[at % line.length] = (line[at % line.length] ?? 0) ^ flip;
        expect(parseVisitLine(line.toString('latin1'))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test('of two visits, one over the other by half, is not read', () => {
    fc.assert(
      fc.property(kept, kept, fc.nat(PLACE_BYTES), (old, fresh, come) => {
        const [before, after] = [visitPlace(old), visitPlace(fresh)];
        const half = Buffer.concat([after.subarray(0, come), before.subarray(come)]);
        const read = parseVisitLine(lineOf(half));
        const whole = [lineOf(before), lineOf(after)].includes(lineOf(half));
        expect(read === null).toBe(!whole);
      }),
      { numRuns: 1000 },
    );
  });

  test('that holds nothing is blank, and is no visit', () => {
    expect(lineOf(BLANK)).toBe('');
    expect(parseVisitLine('')).toBeNull();
    expect(parseHeadLine('')).toBeNull();
  });
});

test('the first line of a file is read back, is no visit, and no visit is one', () => {
  fc.assert(
    fc.property(
      kept,
      fc.integer({ min: 1 }),
      fc.integer({ min: 1 }),
      fc.nat(),
      (one, next, places, alerts) => {
        const head: Head = { version: 1, next, places, alerts };
        expect(parseHeadLine(lineOf(headPlace(head)))).toEqual(head);
        expect(parseVisitLine(lineOf(headPlace(head)))).toBeNull();
        expect(parseHeadLine(lineOf(visitPlace(one)))).toBeNull();
      },
    ),
  );
});
