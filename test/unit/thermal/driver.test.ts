import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Mlx90640,
  openMlx90640,
  SensorError,
  type SensorOptions,
} from '../../../src/thermal/mlx90640/driver.ts';
import type { RawSubpage } from '../../../src/thermal/mlx90640/raw-subpage.ts';
import { createRegisterAccess } from '../../../src/thermal/mlx90640/register-access.ts';
import { ADC_BITS, REFRESH_RATES_HZ, REGISTER } from '../../../src/thermal/mlx90640/registers.ts';
import { controlWordFor } from '../../../src/thermal/mlx90640/set-up.ts';
import { describeWithSharedData } from '../../support/shared-data.ts';
import { HeldClock, SensorOnBus } from './sensor-on-bus.ts';
import { melexisEeprom } from './vectors.ts';

const OPTIONS: SensorOptions = { refreshRateHz: 8, adcBits: 19 };

function bench(): { clock: HeldClock; bus: SensorOnBus } {
  const clock = new HeldClock();
  return { clock, bus: new SensorOnBus(melexisEeprom(), clock) };
}

async function take(sensor: Mlx90640, count: number): Promise<RawSubpage[]> {
  const taken: RawSubpage[] = [];
  for await (const raw of sensor.subpages()) {
    taken.push(raw);
    if (taken.length === count) break;
  }
  return taken;
}

describeWithSharedData('opening the sensor', () => {
  it('tells its identity, calibration and lens', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    expect(sensor.id).toBe('1710a2240185');
    expect(sensor.lens).toBe('BAB');
    expect(sensor.calibration.gain).toBe(5580);
    expect(sensor.eeprom).toEqual(melexisEeprom());
    expect(bus.control).toBe(0x1e01);
    expect(bus.seen.every(({ address }) => address === 0x33)).toBe(true);
  });

  it('accepts a reading of the EEPROM only when the next one agrees', async () => {
    const { bus, clock } = bench();
    bus.disturbEeprom = (words, reading) => {
      if (reading === 2) words[100] = 0xffff;
    };
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    expect(sensor.eeprom).toEqual(melexisEeprom());
    expect(bus.seen.filter(({ register }) => register === REGISTER.eeprom)).toHaveLength(4);
  });

  it.each([
    ['eeprom-unreadable', (words: Uint16Array, reading: number) => words.fill(reading, 100, 101)],
    ['eeprom-invalid', (words: Uint16Array) => words.fill(0xffff)],
    ['eeprom-invalid', (words: Uint16Array) => words.fill(0, 7, 10)],
  ] as const)('fails with %s', async (code, disturb) => {
    const { bus, clock } = bench();
    bus.disturbEeprom = disturb;
    await expect(openMlx90640(bus, clock, OPTIONS)).rejects.toMatchObject({ name: 'SensorError', code });
  });

  it('calibrates from the image it is told to, and fails as that choice does', async () => {
    const { bus, clock } = bench();
    const kept = melexisEeprom();
    bus.eeprom[500] = (bus.eeprom[500] ?? 0) ^ 0x0400;
    const sensor = await openMlx90640(bus, clock, {
      ...OPTIONS,
      chooseImage: async (read) => {
        expect(read[500]).not.toBe(kept[500]);
        return kept;
      },
    });
    expect(sensor.eeprom).toEqual(kept);
    const refusing = openMlx90640(bus, clock, {
      ...OPTIONS,
      chooseImage: () => Promise.reject(new SensorError('eeprom-changed', 'made up')),
    });
    await expect(refusing).rejects.toMatchObject({ code: 'eeprom-changed' });
  });

  it.each([
    [100_000, 4],
    [165_000, 8],
    [400_000, 16],
    [1_000_000, 32],
  ])('measures a bus of %d Hz and runs at %d Hz', async (busHz, refreshRateHz) => {
    const { bus, clock } = bench();
    // 1,668 bytes of nine bits, START, repeated START and STOP.
    bus.eepromMs = (15_015 / busHz) * 1000;
    const sensor = await openMlx90640(bus, clock, { ...OPTIONS, refreshRateHz: 32 });
    expect(sensor.busHz).toBeCloseTo(busHz, -1);
    expect(sensor.refreshRateHz).toBe(refreshRateHz);
    expect(REFRESH_RATES_HZ[(bus.control >> 7) & 7]).toBe(refreshRateHz);
  });

  it('never runs faster than asked for, and takes the shortest reading as the speed of the bus', async () => {
    const { bus, clock } = bench();
    bus.eepromMs = 37.5;
    bus.disturbEeprom = (words, reading) => {
      if (reading === 1) words[100] = 0xffff;
      if (reading !== 2) clock.ms += 200;
    };
    const sensor = await openMlx90640(bus, clock, { ...OPTIONS, refreshRateHz: 8 });
    expect(sensor.busHz).toBeGreaterThan(390_000);
    expect(sensor.refreshRateHz).toBe(8);
  });

  it('fails with control-refused when its settings do not stay', async () => {
    const { bus, clock } = bench();
    bus.refuseControl = true;
    await expect(openMlx90640(bus, clock, OPTIONS)).rejects.toMatchObject({ code: 'control-refused' });
  });

  it('repeats failed transfers three times, then says what is wrong', async () => {
    const { bus, clock } = bench();
    bus.failures = ['timeout', 'arbitration-lost', 'no-acknowledge'];
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    expect(sensor.statistics.retries).toBe(3);
    bus.failures = Array.from({ length: 4 }, () => 'no-acknowledge');
    await expect(openMlx90640(bus, clock, OPTIONS)).rejects.toMatchObject({ code: 'absent' });
    bus.failures = Array.from({ length: 4 }, () => 'bus-stuck');
    await expect(openMlx90640(bus, clock, OPTIONS)).rejects.toMatchObject({ code: 'bus' });
  });
});

describeWithSharedData('reading subpages', () => {
  it('hands out each once, in turn, with the time it was ready', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const taken = await take(sensor, 16);
    const steps = taken.slice(1).map(({ atMs }, index) => atMs - (taken[index]?.atMs ?? 0));
    for (const step of steps) expect(Math.abs(step - 125)).toBeLessThanOrEqual(5);
    taken.slice(1).forEach(({ words }, index) => {
      expect(words[0]).toBe((taken[index]?.words[0] ?? 0) + 1);
      expect(words[833]).toBe(1 - (taken[index]?.words[833] ?? 0));
      expect(words[832]).toBe(0x1e01);
    });
    expect(sensor.statistics).toEqual({ delivered: 16, torn: 0, missed: 0, retries: 0 });
  });

  it('drops two subpages after opening', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const [first] = await take(sensor, 1);
    expect(first?.words[0]).toBe(2);
  });

  it('polls seldom: asleep for most of the period', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    await take(sensor, 20);
    const polls = bus.seen.filter(({ register, word }) => register === REGISTER.status && word === null);
    expect(polls.length).toBeLessThan(bus.subpagesMade * 12 + 120);
  });

  it('believes the status word about which subpage it is', async () => {
    const { bus, clock } = bench();
    bus.subpageAt = (count) => (count % 3 === 0 ? 0 : 1);
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const taken = await take(sensor, 9);
    for (const { words } of taken) expect(words[833]).toBe((words[0] ?? 0) % 3 === 0 ? 0 : 1);
  });

  it('drops what was overwritten while it was read, and counts it', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    await subpages.next();
    bus.burstMs = 130;
    const slow = subpages.next();
    await expect(slow).rejects.toMatchObject({ code: 'bus-too-slow' });
    expect(sensor.statistics).toMatchObject({ delivered: 1, torn: 16 });
  });

  it('counts what a slow caller missed', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    await subpages.next();
    clock.ms += 1000;
    await subpages.next();
    expect(sensor.statistics.missed).toBeGreaterThanOrEqual(6);
    expect(sensor.statistics.missed).toBeLessThanOrEqual(8);
  });

  it('fails with data-timeout after three silent periods', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    const last = await subpages.next();
    bus.stopsAtMs = clock.ms;
    await expect(subpages.next()).rejects.toMatchObject({ code: 'data-timeout' });
    const silentMs = clock.ms - (last.value?.atMs ?? 0);
    expect(silentMs).toBeGreaterThanOrEqual(375);
    expect(silentMs).toBeLessThan(400);
  });

  it('waits for a slow running subpage when it starts fast', async () => {
    const { bus, clock } = bench();
    bus.control = 0x1801;
    bus.burstMs = 3;
    clock.ms += 500;
    const sensor = await openMlx90640(bus, clock, { ...OPTIONS, refreshRateHz: 64 });
    await expect(take(sensor, 3)).resolves.toHaveLength(3);
  });

  it('notices at the first subpage after a gap that the sensor restarted and lost its settings', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    await subpages.next();
    bus.control = 0x1901;
    clock.ms += 300;
    await expect(subpages.next()).rejects.toMatchObject({ code: 'sensor-reset' });
  });

  it('notices lost settings within a second even without a gap', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    const first = await subpages.next();
    bus.control ^= 0x0400;
    const run = async (): Promise<void> => {
      for (;;) await subpages.next();
    };
    await expect(run()).rejects.toMatchObject({ code: 'sensor-reset' });
    expect(clock.ms - (first.value?.atMs ?? 0)).toBeLessThan(1300);
  });

  it('takes one transfer of the whole RAM and one status per subpage, besides polls and clearing', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    await subpages.next();
    bus.seen.length = 0;
    for (let taken = 0; taken < 40; taken++) await subpages.next();
    const transfers = (register: number, writing: boolean): number =>
      bus.seen.filter((seen) => seen.register === register && (seen.word !== null) === writing).length;
    expect(transfers(REGISTER.ram, false)).toBe(40);
    expect(transfers(REGISTER.status, true)).toBe(40);
    expect(transfers(REGISTER.control, false)).toBeLessThanOrEqual(6);
    expect(bus.seen.filter(({ register, words }) => register === REGISTER.ram && words !== 832)).toEqual([]);
  });

  it('clears new data with overwriting enabled and never reads that back', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const subpages = sensor.subpages();
    await subpages.next();
    bus.seen.length = 0;
    for (let taken = 0; taken < 5; taken++) await subpages.next();
    const clearings = bus.seen.flatMap(({ word }, index) => (word === null ? [] : [{ word, index }]));
    expect(clearings).toHaveLength(5);
    for (const { word, index } of clearings) {
      expect(word).toBe(0x0030);
      // What follows is the data, not a comparison.
      expect(bus.seen[index + 1]).toMatchObject({ register: REGISTER.ram, words: 832 });
    }
  });

  it('ends without an error when aborted', async () => {
    const { bus, clock } = bench();
    const sensor = await openMlx90640(bus, clock, OPTIONS);
    const abort = new AbortController();
    const subpages = sensor.subpages(abort.signal);
    await subpages.next();
    const pending = subpages.next();
    abort.abort();
    expect((await pending).done).toBe(true);
  });
});

describeWithSharedData('writes', () => {
  it('go to the status and control registers only, whatever happens', async () => {
    const failure = fc.constantFrom(null, null, null, 'timeout' as const, 'no-acknowledge' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(failure, { maxLength: 60 }),
        fc.constantFrom(...REFRESH_RATES_HZ),
        fc.constantFrom(...ADC_BITS),
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 1, max: 200 }),
        async (failures, refreshRateHz, adcBits, control, burstMs) => {
          const { bus, clock } = bench();
          bus.failures = failures;
          bus.control = control;
          bus.burstMs = burstMs;
          const run = async (): Promise<void> => {
            await take(await openMlx90640(bus, clock, { refreshRateHz, adcBits }), 4);
          };
          await run().catch(() => undefined);
          const written = new Set(
            bus.seen.filter(({ word }) => word !== null).map(({ register }) => register),
          );
          written.delete(REGISTER.status);
          written.delete(REGISTER.control);
          expect([...written]).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('to any other address are stopped before the bus', async () => {
    const { bus, clock } = bench();
    const registers = createRegisterAccess(bus, clock, 0x33);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.integer({ min: 0x2400, max: 0x273f }),
          fc.constant(0x8010),
          fc.integer({ min: 0, max: 0x7fff }),
        ),
        async (address) => {
          await expect(registers.write(address, 0)).rejects.toMatchObject({ code: 'write-refused' });
        },
      ),
    );
    expect(bus.seen).toEqual([]);
  });

  it('keep the reserved bits of the control register', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }),
        fc.constantFrom(...REFRESH_RATES_HZ),
        fc.constantFrom(...ADC_BITS),
        (found, refreshRateHz, adcBits) => {
          const word = controlWordFor(found, { refreshRateHz, adcBits });
          expect(word & 0xe072).toBe(found & 0xe072);
          expect(word & 0x100d).toBe(0x1001);
          expect(REFRESH_RATES_HZ[(word >> 7) & 7]).toBe(refreshRateHz);
          expect(ADC_BITS[(word >> 10) & 3]).toBe(adcBits);
        },
      ),
    );
  });
});
