import type { NoticeFacts } from './facts.ts';
import { countText, type Labels } from './labels.ts';
import { quoted } from './quoted.ts';

const MISSING = 'not named by the operator';

export const ENGLISH: Labels = {
  missing: MISSING,
  item: {
    count: 'number of visits by class',
    number: 'visit number',
    time: 'date and time',
    class: 'class (normal, recheck, elevated)',
    mask: 'mask worn, not worn or unsure',
    temperature: 'face surface temperature',
    uncertainty: 'uncertainty of that temperature',
    comparison: 'what it was compared with (recent visitors, limit)',
    sensor: 'serial number of the thermal sensor',
    check: 'result of the check with a clinical thermometer',
    alert: 'number of its alert',
    photo: 'one small photo of the face, sealed',
  },
  why: {
    count: 'to know how many people pass and how often the gate asks for a check',
    number: 'so that a visitor can ask for one record without saying who they are',
    time: 'to tell when an elevated visit was, and to delete in time',
    class: 'the result',
    mask: 'the result',
    temperature: 'to judge the result again, and the gate itself',
    uncertainty: 'to judge how sure the result was',
    comparison: 'to judge the result again',
    sensor: 'to know which sensor gave the result',
    check: 'so that the gate’s result does not stand alone',
    alert: 'so that no alert is lost, or told under another number',
    photo: 'named by the operator as the purpose of the records',
  },
  of: {
    all: 'every visit',
    'elevated-and-recheck': 'elevated and recheck visits only',
    elevated: 'elevated visits only',
    checked: 'visits that a guard checked',
    masked: 'visits with a mask only',
    'all-unmasked-pixelated': 'visits with a mask; without a mask the face is made unrecognisable first',
  },
  basisKind: {
    none: 'none',
    consent: 'consent, asked before',
    law: 'a law',
    'public-health': 'an urgent need of public health',
  },
  basisState: {
    none: 'no basis is named',
    'not-yet': 'it is not in force yet',
    'in-force': 'it is in force',
    ended: 'it has ended',
  },
  setting: {
    'operator.name': 'who answers for the gate',
    'operator.officer': 'who is responsible for the records',
    'operator.contact': 'where requests go',
    'operator.place': 'where the gate stands',
    'operator.noticeUrl': 'where this notice is published',
    'records.purpose': 'what the records are for',
    'records.legalBasis': 'what allows the records',
  },
  difference: (what, facts) => DIFFERENCES[what](facts),
  connection: (connection) =>
    connection.role === 'broker'
      ? `${connection.host}, port ${connection.port}: the MQTT broker that alerts go to (${connection.isThisMachine ? 'this machine itself' : connection.encrypted ? 'encrypted' : 'not encrypted'})`
      : `${connection.host}: time server, asked by the machine’s clock service (${connection.file})`,
};

const DIFFERENCES: Readonly<Record<Parameters<Labels['difference']>[0], (facts: NoticeFacts) => string>> = {
  'no-photo': () => 'The office: a photo is kept of each masked visitor. Here: no photo is kept of anybody.',
  'photo-without-mask': () =>
    'The office: photos of masked visitors. Here: also of visitors without a mask, the face made unrecognisable first.',
  'nothing-kept': () => 'The office: visits are kept. Here: nothing is kept.',
  'counts-only': () => 'The office: each visit is kept. Here: only how many there were.',
  'more-items': () =>
    'The office: date and time of a visit. Here: also its number, its class and whether a mask was worn.',
  'recheck-temperature': () =>
    'The office: a temperature only of elevated visits. Here: also of those that the gate asked to be checked again (recheck), with what it was compared with, the sensor and the result of the check.',
  'lower-cap': ({ storage }) =>
    `The office: 25,000 visits are kept. Here: at most ${countText(storage.capVisits)}.`,
  'age-limit': ({ storage }) =>
    `The office: deletion by number alone. Here: also by age, after ${storage.maximumAgeDays} days at the latest.`,
  'other-basis': ({ storage }) =>
    `The office: Article 58(1)3 of the Personal Information Protection Act, which was repealed in 2023. Here: ${ENGLISH.basisKind[storage.basis.kind]}, named as ${storage.basis.text === null ? MISSING : quoted(storage.basis.text)}.`,
  'no-basis': () =>
    'The office: Article 58(1)3 of the Personal Information Protection Act, which was repealed in 2023. Here: no basis is named.',
  'other-purpose': ({ storage }) =>
    `The office: no purpose but the prevention of COVID-19. Here the operator names the purpose as ${storage.purpose === null ? MISSING : quoted(storage.purpose)}.`,
  'alerts-leave': ({ connections }) =>
    `The office: nothing is shared. Here: elevated visits are told to ${connections.flatMap((one) => (one.role === 'broker' ? [`${one.host}, port ${one.port}`] : [])).join(', ')}, without a photo.`,
  'alerts-stay': () =>
    'The office: nothing is shared. Here: elevated visits are told to a broker on this machine; who reads there is decided by its operator.',
  'handed-over': ({ exports }) =>
    `The office: no plan to hand anything over. Here: records were handed over ${exports.times === 1 ? 'once' : `${countText(exports.times)} times`} so far (${countText(exports.visits)} visits).`,
  'open-broker': ({ listensAt }) =>
    `The office: nobody else has access. Here: alerts can be read on the network by who has the password, at ${listensAt === null ? '' : `${listensAt.host}, port ${listensAt.port}`}.`,
  commands: () =>
    'The office: nobody else has access. Here: whom the broker allows may silence the buzzer, acknowledge an alert and enter the result of a check.',
  login: () => 'The office: nobody else has access. Here: the operator can log in to the device by network.',
};
