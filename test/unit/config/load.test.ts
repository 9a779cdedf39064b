import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, problemText } from '../../../src/config/config-error.ts';
import { defaultConfig, loadConfig, parseConfig } from '../../../src/config/load.ts';
import { mqttPassword } from '../../../src/config/secrets.ts';
import { showConfig } from '../../../src/config/show.ts';

function errorOf(text: string): ConfigError {
  try {
    parseConfig(text, 'gate.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
const problems = (text: string): string[] => errorOf(text).problems.map(problemText);

test.each(['', '# nothing\n', '{}', 'gate: {}'])('what is left out has its default: %j', (text) => {
  expect(parseConfig(text, 'gate.yaml')).toEqual(defaultConfig());
});

test('what is set is taken', () => {
  const config = parseConfig('gate:\n  site: hall-2\nthermal: {reflectedC: 21.5}\n', 'gate.yaml');
  expect(config.gate).toEqual({ site: 'hall-2', name: 'gate-1' });
  expect(config.thermal.reflectedC).toBe(21.5);
});

describe('what is wrong is told by field, value, what is allowed, and line', () => {
  test.each([
    ['visit:\n  maxDistanceM: 9', 'visit.maxDistanceM: 9 is too big; allowed 0.3 to 3 (line 2)'],
    ['visit: {answerS: 0}', 'visit.answerS: 0 is too small; allowed 1 to 30 (line 1)'],
    ['\n\nthermal:\n  lens: BAC', 'thermal.lens: "BAC" is not allowed; allowed one of BAA, BAB (line 4)'],
    [
      'thermal: {refreshRateHz: 5}',
      'thermal.refreshRateHz: 5 is not allowed; allowed one of 0.5, 1, 2, 4, 8, 16, 32 (line 1)',
    ],
    ['thermal: {mirrored: 1}', 'thermal.mirrored: 1 is not allowed; allowed true or false (line 1)'],
    [
      'thermal: {reflectedC: warm}',
      'thermal.reflectedC: "warm" is not allowed; allowed -40 to 85 or null (line 1)',
    ],
    ['thermal: {emissivity: .nan}', 'thermal.emissivity: NaN is not allowed; allowed 0.5 to 1 (line 1)'],
    [
      'records: {capVisits: 25001}',
      'records.capVisits: 25001 is too big; allowed whole numbers 1 to 25000 (line 1)',
    ],
    [
      'records: {capVisits: 2.5}',
      'records.capVisits: 2.5 is not allowed; allowed whole numbers 1 to 25000 (line 1)',
    ],
    ['records: {directory: ""}', 'records.directory: "" is empty; allowed text (line 1)'],
    ['records: {directory: [a]}', 'records.directory: a list is not allowed; allowed text (line 1)'],
    ['gate: {name: Gate 1}', 'gate.name: "Gate 1" must be 1 to 32 of a-z, 0-9 and - (line 1)'],
    ['gate: {nmae: x}', 'gate.nmae: is not known; known here: site, name (line 1)'],
    ['gate:', 'gate: null is not a section; known here: site, name (line 1)'],
    [
      'camera: {height: 481}',
      'camera.height: 481 is not allowed; allowed 64 to 1080, a multiple of 2 (line 1)',
    ],
    [
      'screening: {leastAboveNormalC: 1.2}',
      'screening.leastAboveNormalC: 1.2 must not be more than screening.mostAboveNormalC (line 1)',
    ],
    [
      'records: {photo: {recipient: age1650fezpxza30kykcxuaxwzfclnmh8qm2w0ev8c5qphx596wm7e2ss8m3lq}}',
      'records.photo.recipient: "age1650fezpxza30kykcxuaxwzfclnmh8qm2w0e… has a letter wrong: its checksum does not fit; copy it once more (line 1)',
    ],
    [
      'screening: {alwaysElevatedC: 36}',
      `screening.elevatedC: the default ${defaultConfig().screening.elevatedC} must not be more than screening.alwaysElevatedC`,
    ],
    ['visit: {minDistanceM: 1}', 'visit.minDistanceM: 1 must be less than visit.maxDistanceM (line 1)'],
    [
      'alerts: {mqtt: {embeddedBroker: {enabled: true, host: 0.0.0.0}}}',
      'alerts.mqtt.embeddedBroker.host: "0.0.0.0" is open to other machines; use 127.0.0.1, or set embeddedBroker.username and passwordFile (line 1)',
    ],
    [
      'alerts: {mqtt: {embeddedBroker: {enabled: true, host: 0.0.0.0, username: a, passwordFile: b}}}',
      'alerts.mqtt.embeddedBroker.host: "0.0.0.0" is open to other machines in plain text; set embeddedBroker.certFile and keyFile, or alerts.mqtt.allowPlainText: true (line 1)',
    ],
    [
      'alerts: {mqtt: {certFile: gate.crt}}',
      'alerts.mqtt.keyFile: the default null must be set together with alerts.mqtt.certFile, or both be null',
    ],
    [
      'camera: {source: images}',
      'camera.directory: the default null must name the folder of the pictures, for camera.source is images',
    ],
    [
      'i2c: {recoverySdaPin: 2}',
      'i2c.recoverySclPin: the default null must be set together with i2c.recoverySdaPin, or both be null',
    ],
    [
      'lines: {red: {pin: 4}, green: {pin: 4}}',
      'lines.green.pin: 4 is GPIO4, which lines.red.pin has already (line 1)',
    ],
    ['gate: {site: a}\ngate: {site: b}', 'is not YAML: a field is set twice (line 2)'],
    ['gate: [', 'is not YAML: an indentation or a closing bracket is missing (line 1)'],
  ])('%j', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  test('a file that is no section at all', () => {
    expect(problems('just text')[0]).toMatch(
      /^"just text" is not a section; known here: gate, operator, i2c/,
    );
  });

  test('all problems at once, each line beginning with the file', () => {
    const { code, message } = errorOf('gate: {a: 1, b: 2}\nvisit: {answerS: 0}\n');
    expect(code).toBe('invalid');
    expect(message.split('\n')).toHaveLength(3);
    expect(message.split('\n').every((line) => line.startsWith('gate.yaml: '))).toBe(true);
  });
});

describe('plain text MQTT', () => {
  const withUrl = (url: string, more = ''): string => `alerts: {mqtt: {url: "${url}"${more}}}`;
  test.each([
    'mqtt://127.0.0.1:1884',
    'mqtt://localhost',
    'mqtt://[::1]:1883',
    'mqtts://broker.example:8883',
  ])('%s is accepted', (url) => {
    expect(parseConfig(withUrl(url), 'gate.yaml').alerts.mqtt.url).toBe(url);
  });
  test.each([
    'mqtt://broker.example',
    'mqtt://10.0.0.1:1883',
    'mqtt://127.0.0.1.example.org',
    'mqtt://localhost.example',
  ])('%s is refused, unless allowed', (url) => {
    expect(problems(withUrl(url))[0]).toMatch(
      /plain text to another machine.*allowPlainText: true \(line 1\)$/,
    );
    expect(parseConfig(withUrl(url, ', allowPlainText: true'), 'gate.yaml').alerts.mqtt.url).toBe(url);
  });
});

describe('secrets', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-config-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    'alerts: {mqtt: {url: "mqtt://me:hunter2@host"}}',
    'alerts: {mqtt: {password: hunter2}}',
    'alerts: {mqtt: {username: [hunter2]}}',
    'alerts: {mqtt: {url: "hunter2"}}',
    'alerts: {mqtt: {url: hunter2\n hunter2: ]',
    'alerts: *hunter2',
    'gate: &hunter2 [*b]',
  ])('no message shows one: %j', (text) => {
    const shown = errorOf(text).message;
    expect(shown).not.toContain('hunter2');
  });

  test('the environment goes before the file, and neither is shown', async () => {
    const file = path.join(folder, 'password');
    await writeFile(file, 'from file\n', { mode: 0o600 });
    const config = parseConfig(`alerts: {mqtt: {passwordFile: "${file}"}}`, 'gate.yaml');
    expect(await mqttPassword(file, {})).toBe('from file');
    expect(await mqttPassword(file, { FEVERGATE_MQTT_PASSWORD: 'hunter2' })).toBe('hunter2');
    expect(await mqttPassword(null, {})).toBeNull();
    expect(showConfig(config, { FEVERGATE_MQTT_PASSWORD: 'hunter2' })).toMatch(
      /^# MQTT password: from FEVERGATE_MQTT_PASSWORD \(not shown\)\n/,
    );
    expect(showConfig(config, { FEVERGATE_MQTT_PASSWORD: 'hunter2' })).not.toContain('hunter2');
    expect(parseConfig(showConfig(config, {}), 'shown')).toEqual(config);
  });

  test('a password file that others may read, an empty and a missing one are refused', async () => {
    const file = path.join(folder, 'password');
    await expect(mqttPassword(file, {})).rejects.toThrow('cannot be read (ENOENT)');
    await writeFile(file, '\n', { mode: 0o600 });
    await expect(mqttPassword(file, {})).rejects.toThrow('is empty');
    await chmod(file, 0o640);
    await expect(mqttPassword(file, {})).rejects.toThrow('may be read by others');
  });

  test('no file is the defaults; a file not there is told', async () => {
    expect(await loadConfig(null)).toEqual(defaultConfig());
    await expect(loadConfig(path.join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'unreadable' });
    await writeFile(path.join(folder, 'gate.yaml'), 'gate: {site: a}');
    expect((await loadConfig(path.join(folder, 'gate.yaml'))).gate.site).toBe('a');
  });
});
