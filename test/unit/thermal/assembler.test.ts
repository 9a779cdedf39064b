import { expect, it } from 'vitest';
import type { Thermogram } from '../../../src/domain/thermogram.ts';
import { calibrationOf } from '../../../src/thermal/mlx90640/eeprom.ts';
import type { RawSubpage } from '../../../src/thermal/mlx90640/raw-subpage.ts';
import {
  type AssembledResult,
  type AssemblerOptions,
  createThermogramAssembler,
} from '../../../src/thermal/thermogram-assembler.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';
import { melexisEeprom, recordedVectors } from './vectors.ts';

const OPTIONS: AssemblerOptions = { emissivity: 1, reflectedC: null, mirrored: false, poweredOnAtMs: 0 };
/** The recording was made at 2 Hz. */
const PERIOD_MS = 500;

/** Melexis' two recorded subpages, over and over; `change` sees each copy before it is used. */
function recording(
  count: number,
  change: (words: Uint16Array, index: number) => void = () => undefined,
): RawSubpage[] {
  const { expected } = recordedVectors('melexis-example');
  return Array.from({ length: count }, (_, index) => {
    const words = (expected[index & 1]?.words ?? new Uint16Array(834)).slice();
    change(words, index);
    return { words, atMs: 1000 + index * PERIOD_MS };
  });
}

function assemble(
  raws: readonly RawSubpage[],
  options: Partial<AssemblerOptions> = {},
  eeprom = melexisEeprom(),
): AssembledResult[] {
  const assembler = createThermogramAssembler(calibrationOf(eeprom), { ...OPTIONS, ...options });
  return raws.map((raw) => assembler.accept(raw));
}

function thermogramsOf(results: readonly AssembledResult[]): Thermogram[] {
  return results.flatMap((result) => (result.kind === 'thermogram' ? [result.thermogram] : []));
}

/** One PTAT count is 0.1 K of die temperature. */
function addPtat(words: Uint16Array, counts: number): void {
  words[800] = (words[800] ?? 0) + counts;
}

describeWithSharedData('thermogram', () => {
  it("is Melexis' published picture once both subpages are there", () => {
    const results = assemble(recording(2));
    expect(results.map(({ kind }) => kind)).toEqual(['pending', 'thermogram']);
    const [picture] = thermogramsOf(results);
    expect(picture).toMatchObject({ atMs: 1500, subpage: 1, mirrored: false, settled: false });
    const published = readSharedJson<{ published_to_c_emissivity_1: number[] }>(
      'mlx90640/melexis-example.json',
    ).published_to_c_emissivity_1;
    // The second subpage's Ta and Vdd are averaged with the first's: up to 0.1 K between the recorded two.
    const worst = Math.max(
      ...published.map((value, pixel) => Math.abs(value - (picture?.toC[pixel] ?? 1e9))),
    );
    expect(worst).toBeLessThan(0.12);
  });

  it('is the same, bit for bit, from the same subpages', () => {
    const raws = recording(40, (words, index) => addPtat(words, index % 3));
    expect(assemble(raws)).toEqual(assemble(raws));
  });

  it('does not change after it was handed out', () => {
    const assembler = createThermogramAssembler(calibrationOf(melexisEeprom()), OPTIONS);
    const raws = recording(4, (words, index) => {
      words[100] = (words[100] ?? 0) + index;
    });
    const [first] = thermogramsOf(raws.slice(0, 2).map((raw) => assembler.accept(raw)));
    const copy = first?.toC.slice();
    for (const raw of raws.slice(2)) assembler.accept(raw);
    expect(first?.toC).toEqual(copy);
  });

  it('has its columns reversed when the sensor is mirrored', () => {
    const eeprom = melexisEeprom();
    eeprom[64 + 33] = 0;
    const raws = recording(2);
    const [plain] = thermogramsOf(assemble(raws, {}, eeprom));
    const [mirrored] = thermogramsOf(assemble(raws, { mirrored: true }, eeprom));
    expect(mirrored?.mirrored).toBe(true);
    for (let row = 0; row < 24; row++) {
      const line = [...(plain?.toC.subarray(row * 32, row * 32 + 32) ?? [])];
      expect([...(mirrored?.toC.subarray(row * 32, row * 32 + 32) ?? [])]).toEqual(line.reverse());
    }
    expect(plain?.interpolated.indexOf(1)).toBe(33);
    expect(mirrored?.interpolated.indexOf(1)).toBe(62);
  });

  it('shows deviating pixels as their neighbours, and says so', () => {
    const eeprom = melexisEeprom();
    eeprom[64 + 200] = 0;
    const [picture] = thermogramsOf(assemble(recording(2), {}, eeprom));
    const around = [167, 169, 231, 233].map((pixel) => picture?.toC[pixel] ?? 0);
    expect(picture?.toC[200]).toBeGreaterThanOrEqual(Math.min(...around));
    expect(picture?.toC[200]).toBeLessThanOrEqual(Math.max(...around));
    expect(picture?.interpolated.reduce((sum, one) => sum + one)).toBe(1);
  });

  it('smooths single counts of the die temperature', () => {
    const pictures = thermogramsOf(
      assemble(recording(200, (words, index) => addPtat(words, (index >> 1) & 1))),
    );
    const late = pictures.slice(100).map(({ taC }) => taC);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(0.03);
  });

  it('waits again when the other subpage stays away', () => {
    const both = recording(14);
    const onlyOnes = [...both.slice(0, 2), ...both.slice(2).filter((_, index) => index % 2 === 1)];
    const kinds = assemble(onlyOnes).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['pending', 'thermogram', 'thermogram']);
    expect(kinds.at(-1)).toBe('pending');
  });

  it.each<[string, (words: Uint16Array) => void]>([
    ['saturated: pixel 0', (words) => words.fill(0x7fff, 0, 1)],
    ['saturated: auxiliary word 8', (words) => words.fill(0x7fff, 776, 777)],
    ['supply-voltage', (words) => words.fill(0x8a00, 810, 811)],
    ['die-temperature', (words) => words.fill(2400, 800, 801)],
    ['gain', (words) => words.fill(3000, 778, 779)],
    ['subpage-number', (words) => words.fill(7, 833, 834)],
    ['read-out', (words) => words.fill(0x0901, 832, 833)],
  ])('is not made of a subpage with %s', (reason, change) => {
    const results = assemble(recording(3, (words, index) => index === 2 && change(words)));
    expect(results[2]).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(reason) });
  });

  it('is not made of a short subpage', () => {
    const [result] = assemble([{ words: new Uint16Array(800), atMs: 0 }]);
    expect(result).toMatchObject({ kind: 'rejected', reason: 'length: 834 words expected, 800 found' });
  });

  it('is made of subpages whose clipped copies read 0x7FFF, as on every real sensor', () => {
    expect(assemble(recording(1))[0]?.kind).toBe('pending');
  });

  it('ignores one step of the die temperature, follows a lasting one', () => {
    const once = assemble(recording(12, (words, index) => index === 6 && addPtat(words, 20)));
    expect(once.map(({ kind }) => kind === 'rejected')).toEqual(once.map((_, index) => index === 6));
    expect(once[6]).toMatchObject({ reason: expect.stringContaining('die temperature stepped') });

    const lasting = assemble(recording(14, (words, index) => index >= 6 && addPtat(words, 20)));
    expect(lasting.map(({ kind }) => kind).slice(5)).toEqual([
      'thermogram',
      'rejected',
      'rejected',
      'pending',
      ...Array.from({ length: 5 }, () => 'thermogram'),
    ]);
    const pictures = thermogramsOf(lasting);
    expect((pictures.at(-1)?.taC ?? 0) - (pictures[0]?.taC ?? 0)).toBeGreaterThan(1.5);
  });

  it('starts afresh after a gap', () => {
    const raws = recording(8, (words, index) => index >= 4 && addPtat(words, 20));
    const results = assemble(
      raws.map((raw, index) => ({ ...raw, atMs: raw.atMs + (index >= 4 ? 60_000 : 0) })),
    );
    expect(results.map(({ kind }) => kind)).toEqual([
      'pending',
      'thermogram',
      'thermogram',
      'thermogram',
      'pending',
      'thermogram',
      'thermogram',
      'thermogram',
    ]);
  });

  it('ignores one step of the gain', () => {
    const results = assemble(
      recording(12, (words, index) => {
        if (index === 6) words[778] = Math.round((words[778] ?? 0) * 1.03);
      }),
    );
    expect(results[6]).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('gain word stepped'),
    });
  });
});

describeWithSharedData('settling', () => {
  const SETTLED_AFTER = 4 * 60 * 1000;

  it('takes four minutes at a steady die temperature', () => {
    const pictures = thermogramsOf(assemble(recording(600)));
    const first = pictures.find(({ settled }) => settled);
    expect(first?.atMs).toBeGreaterThanOrEqual(SETTLED_AFTER);
    expect(first?.atMs).toBeLessThan(SETTLED_AFTER + 2000);
    expect(pictures.at(-1)?.settled).toBe(true);
  });

  it('takes longer while the die still warms', () => {
    // One count of PTAT, 0.1 K, every 15 s for 6 minutes: 0.4 K a minute.
    const warming = (words: Uint16Array, index: number) =>
      addPtat(words, Math.min(24, Math.floor(index / 30)));
    const first = thermogramsOf(assemble(recording(1200, warming))).find(({ settled }) => settled);
    expect(first?.atMs).toBeGreaterThan(6 * 60 * 1000);
    expect(first?.atMs).toBeLessThan(7.5 * 60 * 1000);
  });

  it('is over at once for a sensor powered long before', () => {
    const [picture] = thermogramsOf(assemble(recording(2), { poweredOnAtMs: -SETTLED_AFTER }));
    expect(picture?.settled).toBe(true);
  });
});
