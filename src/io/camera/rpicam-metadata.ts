import { StringDecoder } from 'node:string_decoder';

const SENSOR_TIMESTAMP = /^SensorTimestamp=(\d+)$/;
/** No line of metadata is nearly as long, characters. */
const LONGEST_LINE = 65_536;

/**
 * Reads what `rpicam-vid --metadata-format txt` writes: a line `Name=value` for each value, an empty line after each
 * frame's. The text format is the one written out whole with every frame; of JSON the closing brace is held back.
 *
 * @param stamped called once a frame, in order, with its sensor time stamp in ns, or null if it has none
 */
export function readRpicamMetadata(stamped: (sensorNs: number | null) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('latin1');
  let rest = '';
  let sensorNs: number | null = null;
  return (chunk) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) {
      if (line === '') {
        stamped(sensorNs);
        sensorNs = null;
      }
      const digits = SENSOR_TIMESTAMP.exec(line)?.[1];
      if (digits !== undefined) sensorNs = Number(digits);
    }
  };
}
