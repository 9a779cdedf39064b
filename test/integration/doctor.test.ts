import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkBroker } from '../../src/doctor/service-checks.ts';
import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import { CameraError } from '../../src/ports/camera.ts';
import { fevergate } from '../support/command.ts';
import { freePort, mosquittoIsHere, startMosquitto } from '../support/mosquitto.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'fevergate-doctor-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** How fast they run is the machine's affair: slow ones are a warning. */
const MODELS_INTACT = /[✔!] models +intact/;

describe('a machine without a gate’s hardware', () => {
  test('every fault is named with what to do, in a table and as JSON, and the exit code is 1', async () => {
    const config = path.join(directory, 'gate.yaml');
    await writeFile(config, `records:\n  directory: ${directory}/records\ni2c:\n  bus: 250\n`);
    const table = await fevergate(['doctor', '--config', config]);
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(/✘ I2C bus +\/dev\/i2c-250 is not there: switch I2C on/);
    expect(table.stdout).toMatch(MODELS_INTACT);
    expect(table.stdout).toMatch(/to mend before the gate can run/);

    const json = await fevergate(['doctor', '--json', '--config', config]);
    expect(json.code).toBe(1);
    const report: { healthy: boolean; findings: Finding[] } = JSON.parse(json.stdout);
    expect(report.healthy).toBe(false);
    expect(report.findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'configuration',
        'permissions',
        'I2C bus',
        'camera',
        'models',
        'clock',
        'disk',
      ]),
    );
  });

  test('a wrong configuration is a finding, and the machine is looked at all the same', async () => {
    const config = path.join(directory, 'gate.yaml');
    await writeFile(config, 'thermal:\n  lens: BAX\n');
    const { stdout, code } = await fevergate(['doctor', '--config', config]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✘ configuration +.*thermal\.lens/);
    expect(stdout).toMatch(MODELS_INTACT);
  });
});

test('the hardware of a running gate is left alone', async () => {
  const store = await openVisitStore({ directory, capVisits: 10 });
  const findings: Finding[] = [];
  try {
    const config = configSchema.parse({ records: { directory } });
    const openCamera = (): never => {
      throw new CameraError('camera-busy', 'must not be opened');
    };
    for await (const one of examine({ config, clock: createSystemClock(), openCamera, show: null })) {
      findings.push(one);
    }
  } finally {
    await store.close();
  }
  const statusOf = (check: string) => findings.find((one) => one.check === check)?.status;
  expect(statusOf('gate')).toBe('warning');
  for (const check of ['thermal sensor', 'camera', 'lines']) expect(statusOf(check)).toBe('skipped');
  expect(statusOf('disk')).toBe('ok');
});

describe.skipIf(!mosquittoIsHere())('the broker', () => {
  const at = (url: string, more: object = {}) =>
    checkBroker(configSchema.parse({ alerts: { mqtt: { enabled: true, url, ...more } } }));

  test('that answers is told with its protocol', async () => {
    const broker = await startMosquitto(await freePort());
    try {
      expect(await at(broker.url)).toMatchObject({
        status: 'ok',
        found: expect.stringContaining('MQTT 5'),
      });
    } finally {
      await broker.stop();
    }
  });

  test('that is not there, or is never configured', async () => {
    expect(await at('mqtt://127.0.0.1:9')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('alerts.mqtt.url'),
    });
    expect(await checkBroker(configSchema.parse({}))).toMatchObject({ status: 'skipped' });
  });

  test('that refuses this gate, by its own reason', async () => {
    const broker = await startMosquitto(await freePort(), ['allow_anonymous false']);
    try {
      expect(await at(broker.url)).toMatchObject({
        status: 'failed',
        found: expect.stringMatching(/not authori[sz]ed/i),
      });
    } finally {
      await broker.stop();
    }
  });
});
