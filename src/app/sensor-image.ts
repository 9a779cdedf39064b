import type { Config } from '../config/schema.ts';
import type { Log } from '../ports/log.ts';
import type { SensorImages } from '../ports/sensor-images.ts';
import { SensorError } from '../thermal/mlx90640/driver.ts';
import { differingWords, eepromIdentity } from '../thermal/mlx90640/eeprom-identity.ts';

/** Images that differ in no more words than this are one sensor's, even with a damaged serial number. */
const ONE_SENSOR_WORDS = 104;

type Kept = Readonly<{ id: string; image: Uint16Array; words: number }>;

/**
 * Which image to calibrate from: the one just read when it is what was kept of its sensor, or when nothing is kept yet.
 * Where they differ, `stored` takes the kept one.
 * @throws SensorError `eeprom-changed`, `sensor-unknown`
 */
export function chooseImage(
  read: Uint16Array,
  images: SensorImages,
  calibration: Config['thermal']['calibration'],
  log: Log,
): Uint16Array {
  const known = images.all();
  if (known.size === 0) return read;
  const id = eepromIdentity(read);
  const kept = keptOf(id, read, known);
  if (kept === null) {
    // Nothing is known of an image without a serial number: judging it says what is wrong with it.
    if (id === null) return read;
    throw new SensorError(
      'sensor-unknown',
      `sensor ${id} was not commissioned at this gate (${[...known.keys()].join(', ')} was); fevergate sensor accept makes it known`,
    );
  }
  if (kept.words === 0) return read;
  if (calibration === 'stored') {
    log.warn({ sensor: kept.id, words: kept.words }, 'sensor EEPROM has changed, the kept copy is used');
    return kept.image;
  }
  throw new SensorError(
    'eeprom-changed',
    `${kept.words} words of the EEPROM of sensor ${kept.id} are not what they were at commissioning; measure with the kept copy (thermal.calibration: stored), or take the new one (fevergate sensor accept)`,
  );
}

/** What is kept of the sensor that an image was read from. */
function keptOf(id: string | null, read: Uint16Array, known: ReadonlyMap<string, Uint16Array>): Kept | null {
  const candidates = [...known].map(([keptId, image]) => ({
    id: keptId,
    image,
    words: differingWords(image, read),
  }));
  const bySerial = candidates.find((candidate) => candidate.id === id);
  if (bySerial !== undefined) return bySerial;
  const [nearest] = candidates.toSorted((a, b) => a.words - b.words);
  return nearest !== undefined && nearest.words <= ONE_SENSOR_WORDS ? nearest : null;
}
