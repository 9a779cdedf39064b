import { expect, it } from 'vitest';
import { calibrationOf } from '../../../src/thermal/mlx90640/eeprom.ts';
import { checkEeprom } from '../../../src/thermal/mlx90640/eeprom-check.ts';
import { eepromIdentity } from '../../../src/thermal/mlx90640/eeprom-identity.ts';
import { lensOf } from '../../../src/thermal/mlx90640/lens.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';
import { derivedVectors, melexisEeprom, recordedVectors } from './vectors.ts';

type Published = Readonly<
  Record<
    'alpha' | 'offset' | 'kta' | 'kv' | 'alpha_cp' | 'offset_cp' | 'corner_temperatures_c' | 'ks_to',
    number[]
  > &
    Record<
      | 'k_vdd'
      | 'vdd25'
      | 'kv_ptat'
      | 'kt_ptat'
      | 'v_ptat25'
      | 'alpha_ptat'
      | 'gain'
      | 'kv_cp'
      | 'kta_cp'
      | 'resolution'
      | 'ks_ta',
      number
    >
>;

const GOOD = ['wide-range-bab', 'wide-range-baa', 'melexis-interleaved', 'melexis-tgc1'];

describeWithSharedData('EEPROM', () => {
  it("restores Melexis' published parameters, to their printed digits", () => {
    const published = readSharedJson<{ parameters: Published }>('mlx90640/melexis-example.json').parameters;
    const ours = calibrationOf(melexisEeprom());
    expect(ours).toMatchObject({
      kVdd: published.k_vdd,
      vdd25: published.vdd25,
      ktPtat: published.kt_ptat,
      vPtat25: published.v_ptat25,
      alphaPtat: published.alpha_ptat,
      gain: published.gain,
      cpKv: published.kv_cp,
      resolution: published.resolution,
      cpOffset: published.offset_cp,
      ct: published.corner_temperatures_c,
      tgc: 0,
      calibratedReadOut: 'chess',
      broken: [],
      outlier: [],
    });
    expect(ours.kvPtat).toBeCloseTo(published.kv_ptat, 6);
    expect(ours.ksTa).toBeCloseTo(published.ks_ta, 6);
    expect(ours.cpKta).toBeCloseTo(published.kta_cp, 6);
    ours.ksTo.forEach((value, range) => {
      expect(value).toBeCloseTo(published.ks_to[range] ?? 1, 5);
    });
    ours.cpAlpha.forEach((value, subpage) => {
      expect(value).toBeCloseTo(published.alpha_cp[subpage] ?? 1, 17);
    });
    for (let pixel = 0; pixel < 768; pixel++) {
      expect(ours.alpha[pixel]).toBeCloseTo(published.alpha[pixel] ?? 1, 17);
      expect(ours.offset[pixel]).toBe(published.offset[pixel]);
      expect(ours.kta[pixel]).toBeCloseTo(published.kta[pixel] ?? 1, 7);
      expect(ours.kv[pixel]).toBeCloseTo(published.kv[pixel] ?? 1, 7);
    }
  });

  it('is accepted from real sensors and from sensors made of them', () => {
    const images = [
      recordedVectors('melexis-example').eeprom,
      recordedVectors('second-sensor').eeprom,
      ...GOOD.map((name) => derivedVectors(name).eeprom),
      Uint16Array.from(
        readSharedJson<{ eeprom: number[] }>('mlx90640/derived/datasheet-worked-example.json').eeprom,
      ),
    ];
    expect(images.map((image) => checkEeprom(image).ok)).toEqual(images.map(() => true));
  });

  it('is refused, with the reason, when it was corrupted as in the field', () => {
    const { images } = readSharedJson<{ images: Record<string, number[]> }>(
      'mlx90640/derived/corrupted-eeproms.json',
    );
    const verdicts = Object.fromEntries(
      Object.entries(images).map(([name, words]) => {
        const check = checkEeprom(Uint16Array.from(words));
        return [name, check.ok ? 'accepted' : `${check.code}: ${check.reason}`];
      }),
    );
    expect(verdicts).toEqual({
      allFF: 'blank: all parameter words are 0xFFFF',
      allZero: 'blank: all parameter words are 0',
      zeroAfter64: expect.stringMatching(/^broken-pixels: .*768 broken.* -3\)$/),
      everyOddWordFF: 'unread-words: 384 pixel words are 0xFFFF, as after a disturbed read',
      everyEvenWordFF: 'unread-words: 384 pixel words are 0xFFFF, as after a disturbed read',
      byteSwapped: 'implausible: gain is -13291, expected 4000 to 9000',
      shiftedByOneWord: 'implausible: gain is -25908, expected 4000 to 9000',
      firstWordOnly: 'blank: all parameter words are 0xFFFF',
      sparseFF: 'unread-words: 27 pixel words are 0xFFFF, as after a disturbed read',
      zeroedRowOf8: expect.stringMatching(/^broken-pixels: .*8 broken.* -3\)$/),
      mlx90641: 'other-device: word 0x240A says MLX90641, not MLX90640',
      gainBitFlip: 'implausible: gain is 21964, expected 4000 to 9000',
    });
  });

  it('is refused when its length is wrong', () => {
    expect(checkEeprom(new Uint16Array(800))).toEqual({
      ok: false,
      code: 'length',
      reason: '832 words expected, 800 found',
    });
  });

  it('tells the lens', () => {
    expect(lensOf(calibrationOf(recordedVectors('melexis-example').eeprom))).toBe('BAB');
    expect(lensOf(calibrationOf(recordedVectors('second-sensor').eeprom))).toBe('BAA');
  });

  it('tells the serial number, unless it is blank', () => {
    const eeprom = melexisEeprom();
    expect(eepromIdentity(eeprom)).toBe('1710a2240185');
    expect(eepromIdentity(eeprom.slice().fill(0, 7, 10))).toBeNull();
    expect(eepromIdentity(eeprom.slice().fill(0xffff, 7, 10))).toBeNull();
  });
});
