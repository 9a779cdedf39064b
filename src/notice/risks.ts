import { THIS_MACHINE } from './connections.ts';
import type { NoticeFacts } from './facts.ts';

/** What is left to be weighed or done, as far as the gate can know. */
export type Risk =
  | 'not-named'
  | 'no-basis'
  | 'basis-not-in-force'
  | 'consent-outside'
  | 'photos-kept'
  | 'photos-unmasked'
  | 'one-key'
  | 'alerts-plain'
  | 'alerts-copies'
  | 'open-broker'
  | 'commands'
  | 'login'
  | 'handed-over-copies'
  | 'clock-unkept'
  | 'trail-broken'
  | 'other-config'
  | 'notice-not-published'
  | 'flash-remains'
  | 'accuracy'
  | 'people-decide';

function isOpenInPlain({ listensAt }: NoticeFacts): boolean {
  return listensAt !== null && !listensAt.encrypted && !THIS_MACHINE.test(listensAt.host);
}

/** The open risks of a gate as it is; some are never closed by settings. */
export function openRisks(facts: NoticeFacts): readonly Risk[] {
  const { storage, connections } = facts;
  const broker = connections.find((one) => one.role === 'broker');
  const leaves = broker?.role === 'broker' && !broker.isThisMachine;
  const risks: [boolean, Risk][] = [
    [facts.missing.some((name) => name !== 'operator.noticeUrl'), 'not-named'],
    [storage.basis.state === 'none' && storage.inForce > 0, 'no-basis'],
    [storage.basis.state === 'not-yet' || storage.basis.state === 'ended', 'basis-not-in-force'],
    [storage.basis.kind === 'consent', 'consent-outside'],
    [storage.photo !== null, 'photos-kept'],
    [storage.photo?.withoutMask === 'pixelated', 'photos-unmasked'],
    [storage.photo?.keys === 1, 'one-key'],
    [(leaves && broker?.role === 'broker' && !broker.encrypted) || isOpenInPlain(facts), 'alerts-plain'],
    [leaves, 'alerts-copies'],
    [facts.listensAt !== null && !facts.listensAt.password, 'open-broker'],
    [facts.commands, 'commands'],
    [facts.login !== null, 'login'],
    [facts.exports.times > 0, 'handed-over-copies'],
    [!connections.some(({ role }) => role === 'time-server'), 'clock-unkept'],
    [!facts.audit.whole, 'trail-broken'],
    [facts.isRunningConfig === false, 'other-config'],
    [facts.operator.noticeUrl === null, 'notice-not-published'],
    [storage.inForce > 0, 'flash-remains'],
    [true, 'accuracy'],
    [true, 'people-decide'],
  ];
  return risks.filter(([open]) => open).map(([, risk]) => risk);
}
