import type { AskedCommand, CommandOutcome, RemoteCommand } from '../../domain/remote-command.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RemoteParts } from './remote-parts.ts';

/** All that a command can do. There is no way from here to what is kept, for how long, or to any setting. */
export type CommandActions = Readonly<{
  mute: (minutes: number) => void;
  /** False: no such alert is open. */
  acknowledge: (alertId: string | null) => boolean;
  enterCheck: RemoteParts['enterCheck'];
  refresh: () => void;
}>;

/** More within a minute is refused, so that nobody fills the disk with the trail of it. */
const MOST_A_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Carries commands out, one after the other, and adds each to the audit trail. */
export function createCommandHandler(
  actions: CommandActions,
  { audit, clock, log }: Readonly<{ audit: AuditTrail; clock: Clock; log: Log }>,
): (asked: AskedCommand) => Promise<CommandOutcome> {
  let before: Promise<unknown> = Promise.resolve();
  let carriedOutMs: readonly number[] = [];

  const one = async (asked: AskedCommand): Promise<CommandOutcome> => {
    const outcome = asked.ok
      ? await actOn(asked.command, actions).catch((error: unknown): CommandOutcome => {
          log.error({ command: asked.command.name, error: String(error) }, 'remote command failed');
          return refused('failed', 'could not be done; the gate’s log says why');
        })
      : refused('malformed', asked.problem);
    await audit
      .append({
        event: 'remote-command',
        command: asked.ok ? asked.command.name : asked.name,
        result: outcome.status === 'done' ? 'done' : outcome.reason,
        detail: asked.ok ? detailOf(asked.command) : '-',
        by: asked.ok ? asked.command.by : '-',
      })
      .catch((error: unknown) => log.error({ error: String(error) }, 'audit trail not written'));
    return outcome;
  };

  return (asked) => {
    const nowMs = clock.nowMs();
    carriedOutMs = carriedOutMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (carriedOutMs.length >= MOST_A_MINUTE) {
      log.warn({ command: asked.ok ? asked.command.name : asked.name }, 'too many remote commands');
      return Promise.resolve(refused('too-many', `at most ${MOST_A_MINUTE} commands a minute`));
    }
    carriedOutMs = [...carriedOutMs, nowMs];
    const done = before.then(() => one(asked));
    before = done;
    return done;
  };
}

async function actOn(command: RemoteCommand, actions: CommandActions): Promise<CommandOutcome> {
  switch (command.name) {
    case 'mute':
      actions.mute(command.minutes);
      return DONE;
    case 'acknowledge':
      return actions.acknowledge(command.alertId) ? DONE : refused('not-found', 'no such alert is open');
    case 'check': {
      const entered = await actions.enterCheck(command);
      return entered === 'entered'
        ? DONE
        : refused('not-found', `visit ${command.visit} is not kept, or was normal`);
    }
    case 'refresh':
      actions.refresh();
      return DONE;
  }
}

const DONE: CommandOutcome = { status: 'done' };

function refused(
  reason: Extract<CommandOutcome, { status: 'refused' }>['reason'],
  message: string,
): CommandOutcome {
  return { status: 'refused', reason, message };
}

/** For the trail: what was asked, without a temperature. */
function detailOf(command: RemoteCommand): string {
  switch (command.name) {
    case 'mute':
      return `${command.minutes} min`;
    case 'acknowledge':
      return command.alertId ?? 'all';
    case 'check':
      return `visit ${command.visit}: ${command.result}`;
    case 'refresh':
      return '-';
  }
}
