import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, expectTypeOf, test } from 'vitest';
import type { CommandAnswer } from '../../../src/alerts/commands.ts';
import type { Discovery } from '../../../src/alerts/home-assistant.ts';
import { type AlertPayload, alertPayload } from '../../../src/alerts/payload.ts';
import type { CountsPayload, HealthPayload, StatePayload } from '../../../src/alerts/report-payloads.ts';
import type { OutboxLine } from '../../../src/alerts/stored-alert.ts';
import type { Alert, NumberedAlert } from '../../../src/domain/alert.ts';
import type { CameraFrame } from '../../../src/domain/camera-frame.ts';
import type { Still } from '../../../src/domain/still.ts';
import type { AlertChannel } from '../../../src/ports/alert-channel.ts';
import type { AlertedVisit } from '../../../src/records/waiting-alert.ts';
import { aNumberedAlert, anAlert } from '../../support/an-alert.ts';

type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;
/** Whether a value of this type may hold bytes, or anything at all, at some depth. */
type MayHoldBytes<T> = unknown extends T
  ? true
  : [Extract<T, Bytes>] extends [never]
    ? T extends string | number | boolean | bigint | null | undefined
      ? false
      : T extends object
        ? true extends { [K in keyof T]-?: MayHoldBytes<T[K]> }[keyof T]
          ? true
          : false
        : true
    : true;

test('the types let no bytes into an alert, any payload or the outbox (checked by tsc)', () => {
  expectTypeOf<MayHoldBytes<Alert>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<AlertPayload>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<StatePayload>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<CountsPayload>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<HealthPayload>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<CommandAnswer>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<Discovery>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<OutboxLine>>().toEqualTypeOf<false>();
  expectTypeOf<MayHoldBytes<AlertedVisit>>().toEqualTypeOf<false>();
  expectTypeOf<Parameters<AlertChannel['publish']>>().toEqualTypeOf<[alert: Alert]>();
  // The question itself is one that can be answered yes.
  expectTypeOf<MayHoldBytes<Still>>().toEqualTypeOf<true>();
  expectTypeOf<MayHoldBytes<CameraFrame>>().toEqualTypeOf<true>();
  expectTypeOf<MayHoldBytes<Readonly<{ deep: Readonly<{ photo: Buffer | null }> }>>>().toEqualTypeOf<true>();
  expectTypeOf<MayHoldBytes<Readonly<{ anything: unknown }>>>().toEqualTypeOf<true>();
});

test('a photo is no part of an alert (checked by tsc)', () => {
  const bytes = new Uint8Array(3);
  // @ts-expect-error no field of an alert takes bytes
  const asId: Alert = { ...anAlert(1), id: bytes };
  // @ts-expect-error an alert has no further field
  const asPhoto: NumberedAlert = { ...aNumberedAlert(1), photo: bytes };
  // What gets past the types all the same does not get out.
  expect(Object.keys(alertPayload(asPhoto, { site: 'a', gate: 'b' }))).not.toContain('photo');
  expect(asId.visitNumber).toBe(1);
});

test('the import rules stop a way from a picture to MQTT, also a roundabout one', { timeout: 60_000 }, () => {
  const root = path.join(import.meta.dirname, '../../..');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-rules-'));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  try {
    cpSync(path.join(root, '.dependency-cruiser.cjs'), path.join(folder, '.dependency-cruiser.cjs'));
    write('tsconfig.json', '{}');
    write('package.json', '{ "type": "module" }');
    write('src/domain/camera-frame.ts', 'export type CameraFrame = Readonly<{ data: Uint8Array }>;\n');
    write(
      'src/domain/visit.ts',
      "import type { CameraFrame } from './camera-frame.ts';\nexport type Visit = { frame: CameraFrame };\n",
    );
    write(
      'src/alerts/payload.ts',
      "import type { Visit } from '../domain/visit.ts';\nexport type Payload = Visit;\n",
    );
    const broken = (): string[] => {
      const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
      const args = [program, 'src', '--output-type', 'json'];
      const out = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      const { summary } = JSON.parse(out) as { summary: { violations: { rule: { name: string } }[] } };
      return summary.violations.map(({ rule }) => rule.name);
    };
    expect(broken()).toContain('no-picture-in-alerts');
    write('src/domain/visit.ts', 'export type Visit = Readonly<{ number: number }>;\n');
    expect(broken()).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
