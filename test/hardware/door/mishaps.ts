import type { FaultOf } from '../emulator/i2c-adapters.ts';
import type { Door } from './door.ts';

/** Something that goes wrong at a gate, and is right again after a while. */
export type Mishap = Readonly<{
  name: string;
  lastsMs: number;
  begin: (door: Door) => void;
  end: (door: Door) => void;
}>;

const RAM = /\[0400\]/;
const EEPROM = /\[2400\]/;

const onBus = (name: string, lastsMs: number, faultOf: FaultOf): Mishap => ({
  name,
  lastsMs,
  begin: (door) => door.hardware.setFault(faultOf),
  end: (door) => door.hardware.setFault(null),
});

const onCamera = (name: string, lastsMs: number, faults: object): Mishap => ({
  name,
  lastsMs,
  begin: (door) => door.setCameraFaults(faults),
  end: (door) => door.setCameraFaults({}),
});

/** Everything a gate must survive. */
export const MISHAPS: readonly Mishap[] = [
  onBus('no acknowledge', 1200, () => ({ errno: 'EREMOTEIO' })),
  onBus('bus stuck', 1500, () => ({ errno: 'EBUSY' })),
  onBus('arbitration lost now and then', 2000, ({ index }) => (index % 4 === 0 ? { errno: 'EAGAIN' } : null)),
  onBus('short reads', 1200, ({ text }) => (RAM.test(text) ? { completedMessages: 1 } : null)),
  // The highest bits of the gain and supply words: pictures that can not be true.
  onBus('wrong data', 1500, ({ text }) =>
    RAM.test(text) ? { flipBits: [778, 810].flatMap((word) => [{ byte: 2 * word, mask: 0x60 }]) } : null,
  ),
  onBus('slow clock', 2000, ({ text }) => (RAM.test(text) ? { delayMs: 60 } : null)),
  onBus('overrun: every read is late', 2500, ({ text }) => (RAM.test(text) ? { delayMs: 160 } : null)),
  {
    name: 'sensor vanishes for 3 s',
    lastsMs: 3000,
    begin: ({ sensor }) => sensor.setFault('absent'),
    end: ({ sensor }) => sensor.setFault('none'),
  },
  {
    name: 'bus vanishes',
    lastsMs: 2000,
    begin: ({ hardware }) => hardware.removeBus(1),
    end: ({ hardware, sensor }) => hardware.addBus(1, sensor),
  },
  // Noticed when the sensor is opened again, so that is brought about first.
  onBus('EEPROM reads wrong after a fault', 4000, ({ text }) => {
    if (EEPROM.test(text)) return { flipBits: [{ byte: 2 * 300, mask: 0x20 }] };
    return RAM.test(text) ? { errno: 'ETIMEDOUT' } : null;
  }),
  onCamera('camera program dies', 1500, { exitCode: 1 }),
  onCamera('camera hangs', 3000, { hang: true }),
];
