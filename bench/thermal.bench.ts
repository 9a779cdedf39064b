import { bench, describe } from 'vitest';
import { calibrationOf } from '../src/thermal/mlx90640/eeprom.ts';
import { createTemperatureDecoder } from '../src/thermal/mlx90640/temperature.ts';
import { createThermogramAssembler } from '../src/thermal/thermogram-assembler.ts';
import { aSensor, aSubpage } from '../test/support/a-sensor.ts';

// Made-up calibration and subpages: nothing here depends on the shared data set. For comparison: Melexis' C library
// (gcc -O2, same arithmetic, 384 pixels) takes 11.7 to 13 microseconds a subpage on the machine this was written on.
describe('MLX90640 subpage', () => {
  const eeprom = aSensor();
  const calibration = calibrationOf(eeprom);
  const decoder = createTemperatureDecoder(calibration);
  const subpages = [aSubpage(0), aSubpage(1)];
  const toC = new Float64Array(768);
  const assembler = createThermogramAssembler(calibration, {
    emissivity: 0.98,
    reflectedC: null,
    mirrored: true,
    poweredOnAtMs: 0,
  });
  let turn = 0;

  bench('decode: Vdd, Ta and To of 384 pixels', () => {
    const words = subpages[turn++ & 1] ?? aSubpage(0);
    const vddV = decoder.vddV(words);
    const taC = decoder.taC(words, vddV);
    decoder.toC(words, { vddV, taC, emissivity: 0.98, reflectedC: null }, toC);
  });

  bench('assemble: check, filter, decode, correct, mirror', () => {
    turn++;
    assembler.accept({ words: subpages[turn & 1] ?? aSubpage(0), atMs: turn * 125 });
  });

  bench('restore the calibration from the EEPROM (once a start)', () => {
    calibrationOf(eeprom);
  });
});
