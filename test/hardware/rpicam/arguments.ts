import { parseArgs } from 'node:util';

/** What rpicam-vid was asked for. */
export type VidArguments = Readonly<{
  width: number;
  height: number;
  frameRateHz: number;
  flush: boolean;
  /** File the metadata go to; undefined for none. */
  metadata: string | undefined;
  cameraIndex: number;
  listCameras: boolean;
}>;

/** The options of rpicam-vid 1.9 that the stand-in understands; each other one is refused. */
const OPTIONS = {
  timeout: { type: 'string', short: 't', default: '5sec' },
  nopreview: { type: 'boolean', short: 'n', default: false },
  codec: { type: 'string', default: 'h264' },
  width: { type: 'string', default: '0' },
  height: { type: 'string', default: '0' },
  framerate: { type: 'string', default: '30' },
  flush: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  camera: { type: 'string', default: '0' },
  rotation: { type: 'string', default: '0' },
  hflip: { type: 'boolean', default: false },
  vflip: { type: 'boolean', default: false },
  metadata: { type: 'string' },
  'metadata-format': { type: 'string', default: 'json' },
  'list-cameras': { type: 'boolean', default: false },
} as const;

/** Parses what the real one would take, and throws what it would say. */
export function parseVidArguments(args: readonly string[]): VidArguments {
  const values = parsed(args);
  const transpose = values.rotation !== '0' && values.rotation !== '180';
  refuse(transpose, 'transforms requiring transpose not supported');
  const size = { width: Number(values.width), height: Number(values.height) };
  if (!values['list-cameras']) refuseWhatIsNotPlayed(values, size);
  return {
    ...size,
    frameRateHz: Number(values.framerate),
    flush: values.flush,
    metadata: values.metadata,
    cameraIndex: Number(values.camera),
    listCameras: values['list-cameras'],
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const option = /'(-[^ '<]+)/.exec(String(error))?.[1] ?? String(error);
    throw new Error(`unrecognised option '${option}'`);
  }
}

/** What the real one can do and the stand-in cannot. */
function refuseWhatIsNotPlayed(
  values: ReturnType<typeof parsed>,
  { width, height }: Readonly<{ width: number; height: number }>,
): void {
  refuse(values.codec !== 'yuv420', `the stand-in has no codec ${values.codec}`);
  refuse(values.output !== '-', 'the stand-in writes to stdout only');
  refuse(values.timeout !== '0', 'the stand-in runs without end only');
  refuse(!(width > 0 && height > 0), 'the stand-in needs a width and a height');
  refuse(
    values.metadata !== undefined && values['metadata-format'] !== 'txt',
    'the stand-in writes txt only',
  );
}

function refuse(when: boolean, reason: string): void {
  if (when) throw new Error(reason);
}
