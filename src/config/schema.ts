import { z } from 'zod';
import { between, section, slug, whole } from './field-kinds.ts';
import { camera, i2c, lines } from './hardware-schema.ts';
import { mqtt } from './mqtt-schema.ts';
import { pinsTakenTwice } from './pins.ts';
import { raisedWithoutReason } from './raised-profile.ts';
import { operator, records } from './records-schema.ts';
import { unsafeMqtt } from './unsafe-mqtt.ts';

const gate = section(
  {
    site: slug('Where the gate stands; the second part of its MQTT topics.', 'main'),
    name: slug("The gate's name at that site; the third part of its MQTT topics.", 'gate-1'),
  },
  'What the gate is called.',
);

const thermal = section(
  {
    lens: z
      .enum(['BAA', 'BAB'])
      .default('BAB')
      .describe('Lens of the MLX90640: BAA 110 x 75, BAB 55 x 35 degrees. Checked against the sensor.'),
    refreshRateHz: z
      .literal([0.5, 1, 2, 4, 8, 16, 32])
      .default(8)
      .describe(
        'Subpages a second at most, two make a picture; fewer where the bus, measured at start, is too slow.',
      ),
    calibration: z
      .enum(['sensor', 'stored'])
      .default('sensor')
      .describe(
        'sensor: its own EEPROM, refused if not what it was at commissioning; stored: the copy kept since then.',
      ),
    adcBits: z.literal([16, 17, 18, 19]).default(19).describe('Resolution of the sensor’s converter, bits.'),
    emissivity: between(0.5, 1, 0.98, 'Emissivity of what is measured; skin is 0.98.'),
    reflectedC: z
      .number()
      .min(-40)
      .max(85)
      .nullable()
      .default(null)
      .describe('Temperature of the surroundings that skin reflects, degC; null: die temperature less 8.'),
    mirrored: z
      .boolean()
      .default(true)
      .describe('Undo the mirroring of the array; true for a sensor that looks at the visitor.'),
    offsetC: between(
      -1.5,
      1.5,
      0,
      'Added to every reading at the very end, degC; for a sensor compared with a thermometer on site.',
    ),
    reference: section(
      {
        kind: z
          .enum(['off', 'disc'])
          .default('off')
          .describe('disc: a warm disc of known temperature is in view and corrects the sensor; off: none.'),
        temperatureC: between(25, 45, 36, 'What the disc’s own contact sensor says, degC.'),
      },
      'A warm reference in view. Without it the gate refuses to measure while one is configured.',
    ),
    warmUpS: between(
      0,
      3600,
      240,
      'How long after power-on the sensor is not trusted, s; the datasheet says up to 240.',
    ),
  },
  'The thermal array.',
);

const mount = section(
  {
    rightMm: between(-200, 200, 20, 'The thermal lens’ place right of the camera’s, as they look, mm.'),
    downMm: between(-200, 200, 0, 'Its place below the camera’s, mm.'),
    forwardMm: between(-200, 200, 0, 'Its place in front of the camera’s, mm.'),
    yawDeg: between(-30, 30, 0, 'Its turn to the right, degrees.'),
    pitchDeg: between(-30, 30, 0, 'Its turn upwards, degrees.'),
    rollDeg: between(-180, 180, 0, 'Its turn about its own axis, clockwise as it looks, degrees.'),
  },
  'Where the thermal array sits, seen from the camera.',
);

const vision = section(
  {
    backend: z
      .enum(['auto', 'wasm', 'tfjs-node'])
      .default('auto')
      .describe('Inference backend; auto takes @tensorflow/tfjs-node where it is installed, else WASM.'),
    inputSize: z
      .literal([128, 160, 192, 256])
      .default(128)
      .describe('Side of the detector’s input, pixels: larger finds smaller faces and costs time.'),
    threshold: between(0.1, 0.95, 0.6, 'Probability (by the face check) from which something is a face.'),
  },
  'The face detector.',
);

const visit = section(
  {
    minDistanceM: between(0.2, 3, 0.35, 'Nearest face that is measured, m.'),
    maxDistanceM: between(0.3, 3, 1, 'Farthest face that is measured, m.'),
    decideWithinS: between(0.5, 10, 2, 'A borderline visitor is judged after so long, s.'),
    answerS: between(1, 30, 3, 'An answer is shown for so long, s.'),
  },
  'How a visit runs.',
);

const screening = section(
  {
    method: z
      .enum(['adaptive', 'absolute'])
      .default('adaptive')
      .describe(
        'adaptive: against what is normal here and now, learnt from visitors; absolute: against fixed limits.',
      ),
    falseAlarmShare: between(
      0.001,
      0.2,
      0.02,
      'Share of healthy visitors that may be answered elevated; the limit above normal follows from it.',
    ),
    leastAboveNormalC: between(0.3, 2, 0.5, 'The limit is at least so far above what is normal now, degC.'),
    mostAboveNormalC: between(0.3, 3, 1, 'And at most so far, degC.'),
    elevatedC: between(
      30,
      42,
      36.4,
      'Elevated while it is not known what is normal, face surface temperature, degC.',
    ),
    alwaysElevatedC: between(
      34,
      42,
      38.5,
      'Elevated whatever seems normal, so that no drift can hide it, face surface temperature, degC.',
    ),
    minimumVisitors: whole(5, 500, 10, 'Visitors from which on it is known what is normal.'),
  },
  'Where normal ends. Face surface temperatures, not body temperatures.',
);

const alerts = section({ mqtt }, 'Who is told.');

/** The whole configuration; unknown keys are refused by name. The one truth for types, defaults, checks and docs. */
export const configSchema = z
  .strictObject({
    gate,
    operator,
    i2c,
    thermal,
    camera,
    lines,
    mount,
    vision,
    visit,
    screening,
    records,
    alerts,
  })
  .superRefine((config, context) => {
    const refuse = (path: readonly string[], message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (config.camera.source === 'images' && config.camera.directory === null) {
      refuse(['camera', 'directory'], 'must name the folder of the pictures, for camera.source is images');
    }
    if ((config.i2c.recoverySdaPin === null) !== (config.i2c.recoverySclPin === null)) {
      refuse(['i2c', 'recoverySclPin'], 'must be set together with i2c.recoverySdaPin, or both be null');
    }
    for (const { pin, field, taken } of pinsTakenTwice(config)) {
      refuse(field.split('.'), `is GPIO${pin}, which ${taken} has already`);
    }
    if (config.visit.minDistanceM >= config.visit.maxDistanceM) {
      refuse(['visit', 'minDistanceM'], 'must be less than visit.maxDistanceM');
    }
    if (config.screening.leastAboveNormalC > config.screening.mostAboveNormalC) {
      refuse(['screening', 'leastAboveNormalC'], 'must not be more than screening.mostAboveNormalC');
    }
    if (config.screening.elevatedC > config.screening.alwaysElevatedC) {
      refuse(['screening', 'elevatedC'], 'must not be more than screening.alwaysElevatedC');
    }
    for (const { field, problem } of raisedWithoutReason(config)) refuse(field.split('.'), problem);
    for (const { field, problem } of unsafeMqtt(config.alerts.mqtt)) refuse(field.split('.'), problem);
  });

/** A checked configuration with every default filled in. */
export type Config = z.output<typeof configSchema>;
