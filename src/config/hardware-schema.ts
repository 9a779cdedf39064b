import { z } from 'zod';
import { between, flag, section, whole, wholeOrNull } from './field-kinds.ts';

const PIN = 'BCM number of the GPIO';

export const i2c = section(
  {
    bus: whole(0, 255, 1, 'Number of the I2C bus, as in /dev/i2c-1.'),
    address: whole(0x08, 0x77, 0x33, 'Address of the thermal array, 7-bit; 51 is 0x33.'),
    recoverySdaPin: wholeOrNull(
      0,
      57,
      null,
      `${PIN} that SDA is on; with recoverySclPin, a stuck bus is freed by clock pulses. null: it is not.`,
    ),
    recoverySclPin: wholeOrNull(0, 57, null, `${PIN} that SCL is on.`),
  },
  'The I2C bus of the thermal array.',
);

export const camera = section(
  {
    source: z
      .enum(['rpicam', 'v4l2', 'images'])
      .default('rpicam')
      .describe('rpicam: a Raspberry Pi camera; v4l2: a USB camera; images: the pictures of a folder.'),
    device: z.string().min(1).default('/dev/video0').describe('Device of a v4l2 camera.'),
    directory: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Folder of the pictures shown in turn when source is images.'),
    index: whole(0, 3, 0, 'Which Raspberry Pi camera, where there are several.'),
    rotationDeg: z
      .literal([0, 180])
      .default(0)
      .describe('Turns the picture of a camera mounted upside down, degrees.'),
    width: z
      .int()
      .min(64)
      .max(1920)
      .multipleOf(64)
      .default(640)
      .describe('Width of a camera frame, pixels; a multiple of 64.'),
    height: z
      .int()
      .min(64)
      .max(1080)
      .multipleOf(2)
      .default(480)
      .describe('Height of a camera frame, pixels; even.'),
    horizontalFovDeg: between(20, 150, 62.2, 'Horizontal field of view, degrees; 62.2 for the Pi camera 2.'),
    frameRateHz: between(1, 30, 6, 'Frames a second looked at while somebody is there.'),
  },
  'The camera.',
);

const drive = z
  .enum(['push-pull', 'open-drain', 'open-source'])
  .default('push-pull')
  .describe('How the line is driven.');

const lamp = (colour: string, pin: number) =>
  section(
    {
      pin: wholeOrNull(0, 57, pin, `${PIN}; null: no such lamp.`),
      activeLow: flag(false, 'True: the lamp is on while the line is low.'),
      drive,
    },
    `The ${colour} lamp.`,
  );

const buzzer = section(
  {
    kind: z
      .enum(['passive', 'active', 'none'])
      .default('passive')
      .describe('passive: plays tones from hardware PWM; active: only knows on and off; none: no sound.'),
    pin: whole(0, 57, 18, `${PIN} of an active buzzer; a passive one is where the PWM overlay puts it.`),
    activeLow: flag(false, 'True: an active buzzer sounds while the line is low.'),
    drive,
    pwmChip: wholeOrNull(0, 31, null, 'Number of the PWM chip of a passive buzzer; null: found by itself.'),
    pwmChannel: whole(0, 7, 0, 'Channel of the PWM chip: 0 for GPIO18 on a Pi 4, 2 on a Pi 5.'),
  },
  'The buzzer.',
);

const sensorPower = section(
  {
    pin: wholeOrNull(0, 57, null, `${PIN} that switches the thermal array's supply; null: none does.`),
    activeLow: flag(false, 'True: the supply is on while the line is low.'),
    drive,
  },
  "The switch in the thermal array's supply, for a sensor that no longer answers.",
);

export const lines = section(
  {
    driver: z
      .enum(['gpiochip', 'onoff'])
      .default('gpiochip')
      .describe(
        'gpiochip: the kernel’s character device; onoff: deprecated sysfs, needs npm install onoff@6.',
      ),
    chip: z
      .string()
      .min(1)
      .max(31)
      .default('auto')
      .describe('Label of the GPIO chip; auto: the Raspberry Pi’s own, whatever its number.'),
    red: lamp('red', 17),
    yellow: lamp('yellow', 27),
    green: lamp('green', 22),
    buzzer,
    sensorPower,
  },
  'What shows and sounds the answer.',
);
