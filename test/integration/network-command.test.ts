import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { networkCommand } from '../../src/commands/network.ts';
import { inProcess } from '../support/in-process.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fevergate-network-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function lines(what: 'address' | 'port', yaml: string): Promise<readonly string[]> {
  const file = path.join(folder, 'gate.yaml');
  await writeFile(file, yaml);
  const { stdout } = await inProcess(networkCommand(), ['--config', file]);
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));
}

const mqtt = (fields: string): string =>
  `alerts: { mqtt: { enabled: true, allowPlainText: true, ${fields} } }\n`;

describe('what the configuration needs of the network', () => {
  test('without alerts the gate reaches only its own machine', async () => {
    expect(await lines('address', '')).toEqual(LOOPBACK);
    expect(await lines('port', '')).toEqual([]);
  });

  test('with a broker at an address, that address and nothing else', async () => {
    expect(await lines('address', mqtt("url: 'mqtt://192.0.2.7:1884'"))).toEqual([...LOOPBACK, '192.0.2.7']);
    expect(await lines('address', mqtt("url: 'mqtt://[2001:db8::7]'"))).toEqual([...LOOPBACK, '2001:db8::7']);
    expect(await lines('port', mqtt("url: 'mqtt://192.0.2.7:1884'"))).toEqual([]);
  });

  test('a broker on the machine itself adds nothing', async () => {
    expect(await lines('address', mqtt("url: 'mqtt://localhost'"))).toEqual(LOOPBACK);
  });

  test('a name that is not known is told; the rest stands', async () => {
    const addresses = await lines('address', mqtt("url: 'mqtt://broker.invalid'"));
    expect(addresses.slice(0, 2)).toEqual(LOOPBACK);
  });

  test('a broker inside the gate opens its port to the local networks, and only when it listens there', async () => {
    const passwordFile = path.join(folder, 'password');
    await writeFile(passwordFile, 'secret', { mode: 0o600 });
    const access = `username: guard, passwordFile: ${passwordFile}`;
    const open = mqtt(`embeddedBroker: { enabled: true, host: 0.0.0.0, port: 1883, ${access} }`);
    expect(await lines('port', open)).toEqual(['1883']);
    expect(await lines('address', open)).toContain('192.168.0.0/16');
    const closed = mqtt('embeddedBroker: { enabled: true, host: 127.0.0.1, port: 1883 }');
    expect(await lines('port', closed)).toEqual([]);
    expect(await lines('address', closed)).toEqual(LOOPBACK);
  });
});
