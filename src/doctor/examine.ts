import type { Config } from '../config/schema.ts';
import { readLogin } from '../io/linux/login.ts';
import { isStoreInUse } from '../io/store/lock.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import { checkCamera } from './camera-check.ts';
import { type Finding, failedBy, skipped, warning } from './finding.ts';
import { checkLines } from './lines-check.ts';
import { checkLogin } from './login-check.ts';
import { checkBoard, checkClock, checkDisk, checkTemperature } from './machine-checks.ts';
import { checkPermissions } from './permission-check.ts';
import { checkRecords } from './records-check.ts';
import { checkRegistration } from './registration-check.ts';
import { checkSensor } from './sensor-checks.ts';
import { checkBroker, checkModels } from './service-checks.ts';

/** What the doctor looks at. */
export type Patient = Readonly<{
  config: Config;
  clock: Clock;
  openCamera: () => Promise<Camera>;
  /** Lights and sounds every output, telling which; null: only takes the lines. */
  show: Readonly<{ say: (what: string) => void; signal: AbortSignal }> | null;
}>;

const STOP_FIRST = 'stop the gate first (sudo systemctl stop fevergate), then ask again';

/** Everything an installer can get wrong, one finding after the other as it is made. */
export async function* examine(patient: Patient): AsyncGenerator<Finding> {
  const { config, clock } = patient;
  yield checkBoard();
  yield checkPermissions(config);
  if (await isStoreInUse(config.records.directory)) {
    yield warning('gate', 'a gate is running with these records', STOP_FIRST);
    for (const check of ['thermal sensor', 'camera', 'lines']) yield skipped(check, 'in use by that gate');
  } else {
    yield* await guarded('thermal sensor', () => checkSensor(config, clock));
    yield* await guarded('camera', async () => [await cameraFinding(patient)]);
    yield* await guarded('lines', async () => [await checkLines(config, clock, patient.show)]);
  }
  yield* await guarded('registration', async () => [await checkRegistration(config)]);
  yield* await guarded('models', async () => [await checkModels(config)]);
  yield checkClock();
  yield* await guarded('disk', async () => [await checkDisk(config)]);
  yield* await guarded('records', async () => [await checkRecords(config, clock)]);
  yield checkBroker(config);
  yield* await guarded('login', async () => [checkLogin(await readLogin())]);
  yield checkTemperature();
}

async function cameraFinding({ config, clock, openCamera }: Patient): Promise<Finding> {
  const camera = await openCamera();
  try {
    return await checkCamera(config, camera, clock);
  } finally {
    await camera.close();
  }
}

/** One check that breaks is its own finding; the others go on. */
async function guarded(check: string, run: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    return [failedBy(check, error)];
  }
}
