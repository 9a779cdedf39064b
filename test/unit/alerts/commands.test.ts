import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandAnswer, commandSchemas, readRequest } from '../../../src/alerts/commands.ts';
import { COMMAND_NAMES } from '../../../src/alerts/topics.ts';
import type { CommandActions } from '../../../src/app/remote/carry-out.ts';
import { createCommandHandler } from '../../../src/app/remote/carry-out.ts';
import type { AuditEvent } from '../../../src/domain/audit-event.ts';
import type { AskedCommand, CommandName } from '../../../src/domain/remote-command.ts';
import { aLog } from '../../support/an-alert.ts';
import { setClock } from '../../support/set-clock.ts';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('a request', () => {
  test.each([
    ['mute', { minutes: 30, by: 'desk' }, { name: 'mute', minutes: 30, by: 'desk' }],
    ['acknowledge', { by: ' desk ' }, { name: 'acknowledge', alertId: null, by: 'desk' }],
    ['acknowledge', { alert_id: 'a', by: 'desk' }, { name: 'acknowledge', alertId: 'a', by: 'desk' }],
    [
      'check',
      { visit: 3, result: 'cleared', temperature_c: 36.9, by: 'desk' },
      { name: 'check', visit: 3, result: 'cleared', temperatureC: 36.9, by: 'desk' },
    ],
    ['refresh', { by: 'desk' }, { name: 'refresh', by: 'desk' }],
  ] as const)('%s %j is read', (name, given, command) => {
    expect(readRequest(name, bytes({ ...given, request_id: 'r1' }))).toEqual({
      asked: { ok: true, command },
      requestId: 'r1',
    });
  });

  test.each([
    ['mute', { minutes: 481, by: 'desk' }, /^minutes /],
    ['mute', { minutes: 1.5, by: 'desk' }, /^minutes /],
    ['mute', { minutes: 1 }, /^by /],
    ['check', { visit: 0, result: 'cleared', by: 'desk' }, /^visit /],
    ['check', { visit: 1, result: 'normal', by: 'desk' }, /^result /],
    ['check', { visit: 1, result: 'cleared', temperature_c: 12, by: 'desk' }, /^temperature_c /],
    ['refresh', { by: 'desk', profile: 3 }, /profile/],
    ['refresh', 'desk', /./],
  ] as const)('%s %j is refused, with the field', (name, given, problem) => {
    expect(readRequest(name, bytes(given)).asked).toMatchObject({
      ok: false,
      problem: expect.stringMatching(problem),
    });
  });

  test('whatever bytes come, something is answered and nothing thrown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...COMMAND_NAMES), fc.uint8Array({ maxLength: 2000 }), (name, payload) => {
        expect(readRequest(name, payload).asked.ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...COMMAND_NAMES), fc.jsonValue(), (name, value) => {
        const { asked } = readRequest(name, bytes(value));
        expect(asked.ok ? asked.command.name : asked.name).toBe(name);
      }),
    );
  });
});

describe('a command', () => {
  const made = () => {
    const done: string[] = [];
    const events: AuditEvent[] = [];
    const time = setClock(Date.UTC(2026, 0, 5));
    const actions: CommandActions = {
      mute: (minutes) => void done.push(`mute ${minutes}`),
      acknowledge: (id) => id !== 'unknown',
      enterCheck: ({ visit }) =>
        visit === 9
          ? Promise.reject(new Error('disk'))
          : Promise.resolve(visit === 1 ? 'entered' : 'not-found'),
      refresh: () => void done.push('refresh'),
    };
    const audit = { append: async (event: AuditEvent) => void events.push(event) };
    const log = aLog();
    return {
      done,
      events,
      time,
      log,
      carryOut: createCommandHandler(actions, { audit, clock: time.clock, log }),
    };
  };
  const ask = (name: CommandName, given: object): AskedCommand =>
    readRequest(name, bytes({ by: 'desk', ...given })).asked;
  const check = (visit: number) => ask('check', { visit, result: 'confirmed', temperature_c: 38.1 });

  test('is done or refused, and in either case entered in the audit trail, without a temperature', async () => {
    const { done, events, log, carryOut } = made();
    const status = async (asked: AskedCommand) => {
      const outcome = await carryOut(asked);
      return outcome.status === 'done' ? 'done' : outcome.reason;
    };
    expect(await status(ask('mute', { minutes: 5 }))).toBe('done');
    expect(await status(ask('refresh', {}))).toBe('done');
    expect(await status(ask('acknowledge', { alert_id: 'unknown' }))).toBe('not-found');
    expect(await status(check(1))).toBe('done');
    expect(await status(check(2))).toBe('not-found');
    expect(await status(check(9))).toBe('failed');
    expect(await status(ask('mute', { minutes: -1 }))).toBe('malformed');
    expect(done).toEqual(['mute 5', 'refresh']);
    expect(log.messages).toEqual(['remote command failed']);
    expect(events).toHaveLength(7);
    expect(events[3]).toEqual({
      event: 'remote-command',
      command: 'check',
      result: 'done',
      detail: 'visit 1: confirmed',
      by: 'desk',
    });
    expect(JSON.stringify(events)).not.toContain('38.1');
  });

  test('more than 30 within a minute are refused, unaudited', async () => {
    const { events, time, carryOut } = made();
    for (let index = 0; index < 30; index++) await carryOut(ask('refresh', {}));
    expect(await carryOut(ask('refresh', {}))).toMatchObject({ status: 'refused', reason: 'too-many' });
    expect(events).toHaveLength(30);
    time.pass(60_000);
    expect(await carryOut(ask('refresh', {}))).toEqual({ status: 'done' });
  });

  test('has no word for what is kept, and no way to it', () => {
    const words = JSON.stringify(COMMAND_NAMES.map((name) => Object.keys(commandSchemas[name].shape)));
    expect(words).not.toMatch(/profile|photo|recipient|cap|age_days|erase|export|purpose|basis/);
    const possible: Record<keyof CommandActions, true> = {
      mute: true,
      acknowledge: true,
      enterCheck: true,
      refresh: true,
    };
    expect(Object.keys(possible)).toHaveLength(4);
  });
});

test('an answer carries the request’s id and why it was refused', () => {
  expect(commandAnswer('check', 'r', { status: 'refused', reason: 'not-found', message: 'gone' })).toEqual({
    version: 1,
    command: 'check',
    request_id: 'r',
    status: 'refused',
    reason: 'not_found',
    message: 'gone',
  });
  expect(commandAnswer('mute', null, { status: 'done' })).toMatchObject({
    status: 'done',
    reason: null,
    message: null,
  });
});
