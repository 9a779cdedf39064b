import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import { ENGLISH as words } from '../labels-en.ts';
import type { Block } from '../page.ts';
import { quoted } from '../quoted.ts';

const said = (value: string | null): string => (value === null ? words.missing : quoted(value));

/** Controller, contact and what is missing, in English. */
export function whoRunsIt({ operator, missing }: NoticeFacts): Block[] {
  return [
    {
      kind: 'paragraph',
      text: 'This text was made by the gate itself from its settings and its records, at the time given below. What stands in quotation marks are the operator’s own words; everything else nobody can rewrite.',
    },
    {
      kind: 'table',
      columns: ['Who runs it', ''],
      rows: [
        ['Controller', said(operator.name)],
        ['Responsible for the records', said(operator.officer)],
        ['Contact', said(operator.contact)],
        ['Place', said(operator.place)],
      ],
    },
    ...(missing.length === 0
      ? []
      : [
          {
            kind: 'note' as const,
            text: `The operator has not named: ${missing.map((name) => words.setting[name] ?? name).join('; ')}.`,
          },
        ]),
  ];
}

/** Legal basis and purpose; begins with its heading. */
export function basis({ storage }: NoticeFacts): Block[] {
  const { kind, text, from, until, state } = storage.basis;
  return [
    { kind: 'heading', level: 2, text: '4. What allows it? Is consent asked?' },
    {
      kind: 'table',
      columns: ['Legal basis', ''],
      rows: [
        ['Kind', words.basisKind[kind]],
        ['Named as', said(text)],
        ['From, until', `${from ?? words.missing}, ${until ?? words.missing}`],
        ['Today', words.basisState[state]],
        ['Purpose', said(storage.purpose)],
      ],
    },
    ...(kind === 'consent'
      ? [
          {
            kind: 'paragraph' as const,
            text: 'Consent is asked by the operator before a visitor stands in front of the gate: for the items of question 5, the purpose and the period named here. A visitor may refuse and ask to be let in another way. The gate itself cannot ask.',
          },
        ]
      : []),
    ...(storage.because !== 'configured'
      ? [
          {
            kind: 'note' as const,
            text: `${NOT_AS_CONFIGURED[storage.because]} The gate is set to storage profile ${storage.configured} and keeps to profile ${storage.inForce} by itself.`,
          },
        ]
      : []),
  ];
}

/** Items, periods and counts; begins with its heading. */
export function storing({ storage, held, deletions }: NoticeFacts): Block[] {
  return [
    { kind: 'heading', level: 2, text: '5. Which items are stored, and until when?' },
    ...(storage.items.length === 0
      ? [{ kind: 'paragraph' as const, text: 'None.' }]
      : [
          {
            kind: 'table' as const,
            columns: ['Item', 'Of whom', 'What for'],
            rows: storage.items.map(({ item, of }) => [words.item[item], words.of[of], words.why[item]]),
          },
        ]),
    {
      kind: 'table',
      columns: ['How long, how many', ''],
      rows: [
        ['Storage profile in force', String(storage.inForce)],
        ['Kept at most', `${countText(storage.capVisits)} visits, the oldest deleted first`],
        ['Kept at longest', `${storage.maximumAgeDays} days`],
        ...(storage.inForce === 1 ? [['Visits counted', countText(held.counted)]] : []),
        ['Visits held now', countText(held.visits)],
        ['Photos held now', countText(held.photos)],
        [
          'Oldest visit held',
          held.oldestAt === null ? 'none' : `${timeText(held.oldestAt)}, ${held.oldestAgeDays ?? 0} days old`,
        ],
        ['Deleted so far for their number', countText(deletions.cap)],
        ['Deleted so far for their age', countText(deletions.age)],
        ['Deleted so far for a lower profile', countText(deletions.profile)],
        ['Erased so far on request', countText(deletions.erased)],
      ],
    },
  ];
}

/** Connections, hand-overs, the maker; begins with its heading. */
export function others(facts: NoticeFacts): Block[] {
  const { storage, connections, listensAt, exports } = facts;
  const alerts = listensAt !== null || connections.some(({ role }) => role === 'broker');
  const isolated = connections.length === 0 && listensAt === null && facts.login === null;
  return [
    { kind: 'heading', level: 2, text: '6. Who else gets what?' },
    {
      kind: 'paragraph',
      text: alerts
        ? storage.inForce >= 2
          ? TOLD_IN_FULL
          : TOLD_THE_LEAST
        : 'Nobody is told of a visit over the network.',
    },
    connections.length === 0
      ? { kind: 'paragraph', text: 'The device connects to no other host.' }
      : { kind: 'list', items: connections.map(words.connection) },
    ...(isolated
      ? [{ kind: 'paragraph' as const, text: 'There is no other way out of the device by network.' }]
      : []),
    ...(connections.length > 0
      ? [
          {
            kind: 'paragraph' as const,
            text: 'The device connects to these hosts and to no other, except to ask for the addresses of those given by name.',
          },
        ]
      : []),
    ...(alerts ? byNetwork(facts) : []),
    {
      kind: 'paragraph',
      text:
        exports.times === 0
          ? 'No records have been handed over so far.'
          : `Records have been handed over ${exports.times === 1 ? 'once' : `${countText(exports.times)} times`} so far, ${countText(exports.visits)} visits in all. Each time purpose, recipient and legal basis were entered in the audit trail.`,
    },
    { kind: 'paragraph', text: loginText(facts.login) },
    {
      kind: 'paragraph',
      text: 'The maker of the gate has no access: there is no account of the maker’s, no remote support and no report of use in it. The program is open source, and nobody processes records on the operator’s behalf through it.',
    },
  ];
}

function loginText(login: NoticeFacts['login']): string {
  if (login === null) return 'No login to the device by network (SSH, port 22) is open.';
  if (login.keys === 0) return LOGIN_OF_THE_SYSTEM;
  const keys = login.keys === 1 ? 'the one key' : `one of the ${countText(login.keys)} keys`;
  return `The operator can log in to the device by network (SSH, port 22): who holds ${keys} that the operator laid there, and nobody by a password. Whoever logs in can look up, hand over and erase records, and settings can be read. When this was last changed is in the audit trail.`;
}

/** The broker inside the gate, and what is told of the gate itself. */
function byNetwork({ storage, listensAt, commands }: NoticeFacts): Block[] {
  return [
    ...(listensAt === null
      ? []
      : [
          {
            kind: 'note' as const,
            text: `A broker inside the gate listens at ${listensAt.host}, port ${listensAt.port}, ${listensAt.password ? 'asks for a password' : 'asks for no password'} and is ${listensAt.encrypted ? 'encrypted' : 'not encrypted'}.`,
          },
        ]),
    {
      kind: 'paragraph',
      text: `${storage.inForce >= 1 ? `${TOLD_COUNTS} ` : ''}${TOLD_OF_ITSELF} ${commands ? ASKED : NOT_ASKED}`,
    },
  ];
}

/** What differs from the answers of 2020; begins with its heading. */
export function differences(facts: NoticeFacts): Block[] {
  return [
    {
      kind: 'heading',
      level: 2,
      text: 'Where this gate differs from what a district office answered in 2020',
    },
    {
      kind: 'list',
      items: facts.differences.map(({ what, direction }) => {
        const sign = { more: 'More: ', less: 'Less: ', other: '' }[direction];
        return `${sign}${words.difference(what, facts)}`;
      }),
    },
  ];
}

const NOT_AS_CONFIGURED: Readonly<Record<NoticeFacts['storage']['because'], string>> = {
  configured: '',
  'basis-ended': 'The legal basis has ended.',
  'basis-not-begun': 'The legal basis does not hold yet.',
  'clock-unset': 'The clock was never synchronised.',
  'reason-missing': 'Purpose or legal basis is missing.',
};

const TOLD_IN_FULL =
  'Elevated visits are told to the subscribers of the broker below: visit number, time, face surface temperature with its uncertainty and what it was compared with, and mask. Never a photo, and no normal visit.';
const TOLD_THE_LEAST =
  'Elevated visits are told to the subscribers of the broker below: visit number and time, without a temperature. Never a photo, and no normal visit.';
const TOLD_COUNTS =
  'Every 5 minutes they are told how many visits there were that day, of each class and with or without a mask: no single visit.';
const TOLD_OF_ITSELF =
  'They are also told whether the gate works, whether it can keep records, whether its buzzer is silenced, how many alerts nobody has acknowledged, and how its machine is.';
const ASKED =
  'Whom the broker allows may ask the gate to silence the buzzer for a time, to note that an alert was seen, to enter the result of a check, and to tell its state; each time this is entered in the audit trail. What is kept, and for how long, cannot be changed by network.';
const LOGIN_OF_THE_SYSTEM =
  'The device answers logins by network (SSH, port 22). Whom it lets in is set in its operating system by the operator, and not known to the gate.';
const NOT_ASKED = 'Nothing can be asked of the gate by network.';
