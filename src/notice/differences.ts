import { THIS_MACHINE } from './connections.ts';
import type { Difference, NoticeFacts } from './facts.ts';

const OFFICE_CAP = 25_000;

/** Every difference; empty when the gate is as the office answered. */
export function differencesOf(facts: Omit<NoticeFacts, 'differences'>): readonly Difference[] {
  const found: [boolean, Difference['what'], Difference['direction']][] = [
    ...aboutItems(facts.storage),
    ...aboutReasons(facts.storage),
    ...aboutOthers(facts),
  ];
  return found.filter(([differs]) => differs).map(([, what, direction]) => ({ what, direction }));
}

type Found = [boolean, Difference['what'], Difference['direction']];

function aboutItems({ inForce, photo, capVisits, maximumAgeDays }: NoticeFacts['storage']): Found[] {
  const visitsKept = inForce >= 2;
  return [
    [inForce === 0, 'nothing-kept', 'less'],
    [inForce === 1, 'counts-only', 'less'],
    [visitsKept && photo === null, 'no-photo', 'less'],
    [photo?.withoutMask === 'pixelated', 'photo-without-mask', 'more'],
    [visitsKept, 'more-items', 'more'],
    [visitsKept, 'recheck-temperature', 'more'],
    [visitsKept && capVisits < OFFICE_CAP, 'lower-cap', 'less'],
    [visitsKept && maximumAgeDays > 0, 'age-limit', 'less'],
  ];
}

function aboutReasons({ basis, purpose }: NoticeFacts['storage']): Found[] {
  return [
    [basis.state === 'none', 'no-basis', 'other'],
    [basis.state !== 'none', 'other-basis', 'other'],
    [purpose !== null, 'other-purpose', 'other'],
  ];
}

function aboutOthers({
  connections,
  exports,
  listensAt,
  commands,
  login,
}: Omit<NoticeFacts, 'differences'>): Found[] {
  const broker = connections.find(({ role }) => role === 'broker');
  return [
    [broker?.role === 'broker' && !broker.isThisMachine, 'alerts-leave', 'more'],
    [(broker?.role === 'broker' && broker.isThisMachine) || isLocal(listensAt), 'alerts-stay', 'other'],
    [exports.times > 0, 'handed-over', 'other'],
    [listensAt !== null && !isLocal(listensAt), 'open-broker', 'more'],
    [commands, 'commands', 'other'],
    [login !== null, 'login', 'more'],
  ];
}

function isLocal(listensAt: NoticeFacts['listensAt']): boolean {
  return listensAt !== null && THIS_MACHINE.test(listensAt.host);
}
