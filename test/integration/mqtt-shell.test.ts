import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GateChannel, openGateChannel } from '../../src/io/mqtt/gate-channel.ts';
import { aLog, anAlert } from '../support/an-alert.ts';
import {
  eventually,
  freePort,
  type Mosquitto,
  mosquittoIsHere,
  startMosquitto,
} from '../support/mosquitto.ts';

/** The commands of docs/integrations/shell.md, as they stand there. */
const [everything = '', alerts = '', away = '', mute = '', webhook = ''] = [
  ...readFileSync('docs/integrations/shell.md', 'utf8').matchAll(/```sh\n([\s\S]*?)```/g),
].map(([, text]) => text ?? '');

describe.skipIf(!mosquittoIsHere())('docs/integrations/shell.md (mosquitto needed)', () => {
  let broker: Mosquitto;
  let gate: GateChannel;
  const shells: ChildProcess[] = [];
  beforeEach(async () => {
    broker = await startMosquitto(await freePort());
    gate = await openGateChannel({
      url: broker.url,
      site: 'main',
      gate: 'gate-1',
      commands: true,
      log: aLog(),
      acknowledgeWithinMs: 20_000,
    });
    gate.serve({ carryOut: () => Promise.resolve({ status: 'done' }), newcomer: () => undefined });
  });
  afterEach(async () => {
    for (const shell of shells.splice(0)) if (shell.pid !== undefined) stop(shell.pid);
    await gate.close(100);
    await broker.stop();
  });

  /** A group of its own, so that its pipes end with it. */
  const stop = (pid: number): void => {
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // Ended already.
    }
  };
  function shell(command: string, env: Readonly<Record<string, string>> = {}) {
    const child = spawn('stdbuf', ['-oL', 'sh', '-c', command], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, BROKER: '127.0.0.1', PORT: String(broker.port), ...env },
    });
    shells.push(child);
    const said = { text: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.text += text;
    });
    return { said, ended: once(child, 'close') };
  }

  test('everything is seen, with its topics', async () => {
    const { said } = shell(everything);
    await eventually(() => said.text.includes('fevergate/main/gate-1/availability online'));
    await gate.publish(anAlert(1));
    await eventually(() => said.text.includes('fevergate/main/gate-1/alert {"version":3'));
  });

  test('alerts come as lines, also those of a time when nobody listened', async () => {
    const first = shell(alerts);
    await gate.publish(anAlert(1));
    await eventually(() => first.said.text.includes('"visit":1,'));
    for (const { pid } of shells.splice(0)) if (pid !== undefined) stop(pid);
    await first.ended;
    await gate.publish(anAlert(2));
    const second = shell(alerts);
    await eventually(() => second.said.text.includes('"visit":2,'));
    expect(JSON.parse(second.said.text.trim())).toMatchObject({ visit: 2, class: 'elevated' });
  });

  test('gates that are away are listed', async () => {
    const { said: seen } = shell(everything);
    await eventually(() => seen.text.includes('online'));
    await gate.close(1000);
    const { said, ended } = shell(away);
    await ended;
    expect(said.text.trim()).toBe('fevergate/main/gate-1/availability offline');
  });

  test('a buzzer is silenced, and the answer comes', async () => {
    const { said, ended } = shell(mute);
    await ended;
    expect(JSON.parse(said.text)).toMatchObject({ command: 'mute', status: 'done' });
  });

  test('the two lines of a webhook post each alert', async () => {
    const posted: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
      request.on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    shell(webhook, { WEBHOOK: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    await gate.publish(anAlert(5));
    await eventually(() => posted.length > 0);
    expect(JSON.parse(posted[0] ?? '')).toMatchObject({ visit: 5 });
    server.close();
  });
});
