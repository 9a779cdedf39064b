import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import { ENGLISH as words } from '../labels-en.ts';
import type { Block, Page } from '../page.ts';
import { quoted } from '../quoted.ts';

/** The public notice, in English. */
export function englishNotice(facts: NoticeFacts): Page {
  return {
    language: 'en',
    title: 'What this gate does with visitors',
    madeAt: facts.madeAt,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)}`,
    blocks: [
      ...whoRunsIt(facts),
      ...needAndForm(facts),
      ...judgedAndKept(facts),
      ...basis(facts),
      ...storing(facts),
      ...others(facts),
      ...differences(facts),
      ...rights(facts),
      ...limits,
      ...state(facts),
    ],
  };
}

const said = (value: string | null): string => (value === null ? words.missing : quoted(value));

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

function needAndForm({ storage }: NoticeFacts): Block[] {
  const photo =
    storage.photo === null
      ? 'No photo is kept of anybody.'
      : `Where a photo is kept it is an ordinary still of the face of at most 160x200 pixels, without place, device or serial number in it, sealed on the gate to ${storage.photo.keys === 1 ? 'a key' : 'two keys'} of the operator. The gate itself cannot open it.`;
  return [
    { kind: 'heading', level: 2, text: '1-1. Why is a face needed?' },
    {
      kind: 'paragraph',
      text: 'The gate reads the temperature of the skin of the upper face. To know where that is it looks for a face in the camera’s picture. A hand, the back of a head or a warm cup gives no reading at all. A mask may be worn.',
    },
    { kind: 'heading', level: 2, text: '1-2. In what form is the face used?' },
    {
      kind: 'paragraph',
      text: `As a rectangle in a picture: the gate detects that there is a face and recognises nobody. It makes no template and no numbers that could tell one person from another, and holds no program that could. Two visits of one person cannot be linked. ${photo}`,
    },
  ];
}

function judgedAndKept({ storage }: NoticeFacts): Block[] {
  const kept: Record<typeof storage.inForce, string> = {
    0: 'Nothing is kept.',
    1: 'Only the number of visits is kept.',
    2: 'Of each visit the items in the table of question 5 are kept, and no temperature of normal visits.',
    3: 'Of each visit the items in the table of question 5 are kept, a sealed photo among them, and no temperature of normal visits.',
  };
  return [
    { kind: 'heading', level: 2, text: '2. What is judged for a moment, and what is kept?' },
    {
      kind: 'paragraph',
      text: 'Face surface temperature and mask are judged within seconds while a visitor stands there. Camera and thermal pictures are in memory for those seconds and are never written to a file.',
    },
    { kind: 'paragraph', text: kept[storage.inForce] },
    { kind: 'heading', level: 2, text: '3. Is there a library of faces?' },
    {
      kind: 'paragraph',
      text: 'No. There is none, no way to bring one in, and no record of staff, residents or groups.',
    },
  ];
}

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
    ...(storage.inForce < storage.configured
      ? [
          {
            kind: 'note' as const,
            text: `The legal basis has ended. The gate is set to storage profile ${storage.configured} and has gone back to profile ${storage.inForce} by itself.`,
          },
        ]
      : []),
  ];
}

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

export function others({ connections, listensAt, exports }: NoticeFacts): Block[] {
  const alerts = connections.some(({ role }) => role === 'broker');
  return [
    { kind: 'heading', level: 2, text: '6. Who else gets what?' },
    {
      kind: 'paragraph',
      text: alerts
        ? 'Elevated visits are told to the subscribers of the broker below: visit number, time, face surface temperature with its uncertainty and what it was compared with, and mask. Never a photo, never a normal visit.'
        : 'Nobody is told of a visit over the network.',
    },
    connections.length === 0
      ? { kind: 'paragraph', text: 'The device connects to no other host.' }
      : { kind: 'list', items: connections.map(words.connection) },
    {
      kind: 'paragraph',
      text:
        connections.length === 0
          ? 'There is no other way out of the device by network.'
          : 'The device connects to these hosts and to no other, except to ask for the addresses of those given by name.',
    },
    ...(listensAt === null
      ? []
      : [
          {
            kind: 'note' as const,
            text: `A broker inside the gate listens at ${listensAt.host}, port ${listensAt.port}, and asks for no password.`,
          },
        ]),
    {
      kind: 'paragraph',
      text:
        exports.times === 0
          ? 'No records have been handed over so far.'
          : `Records have been handed over ${exports.times === 1 ? 'once' : `${countText(exports.times)} times`} so far, ${countText(exports.visits)} visits in all. Each time purpose, recipient and legal basis were entered in the audit trail.`,
    },
    {
      kind: 'paragraph',
      text: 'The maker of the gate has no access: there is no account, no remote support and no report of use in it. The program is open source, and nobody processes records on the operator’s behalf through it.',
    },
  ];
}

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

function rights({ operator, storage }: NoticeFacts): Block[] {
  const where = operator.contact === null ? words.missing : quoted(operator.contact);
  return [
    { kind: 'heading', level: 2, text: 'How to see or erase a record' },
    {
      kind: 'paragraph',
      text:
        storage.inForce >= 2
          ? `Tell the visit number shown with the result, or the time of the visit, to the contact: ${where}. No name is needed. The record, its photo and whatever waits to be told of it are erased together; that something was erased is noted, and nothing of whom.`
          : `No record of a single visit is kept while profile ${storage.inForce} is in force. Questions go to the contact: ${where}.`,
    },
  ];
}

const limits: Block[] = [
  { kind: 'heading', level: 2, text: 'What it is not' },
  {
    kind: 'paragraph',
    text: 'Not a medical device. It reads the surface temperature of the face, not body temperature. “Elevated” and “recheck” ask for a check with a certified clinical thermometer by a person, and are no reason by themselves to refuse anybody. No alarm does not mean no fever.',
  },
];

function state(facts: NoticeFacts): Block[] {
  const { audit, isRunningConfig } = facts;
  return [
    { kind: 'heading', level: 2, text: 'State of the gate' },
    {
      kind: 'table',
      columns: ['State', ''],
      rows: [
        ['This notice made at', timeText(facts.madeAt)],
        ['Gate', `${facts.gate.site} / ${facts.gate.name}`],
        ['Software', `fevergate ${facts.softwareVersion}`],
        ['Configuration, SHA-256', facts.configHash],
        [
          'Configuration last changed',
          facts.configChangedAt === null ? 'no gate has run here yet' : timeText(facts.configChangedAt),
        ],
        ['Audit trail', `${countText(audit.entries)} entries, ${audit.whole ? 'whole' : 'NOT whole'}`],
        ['Its last hash', audit.headHash ?? 'none'],
      ],
    },
    ...(isRunningConfig === false
      ? [
          {
            kind: 'note' as const,
            text: 'The gate was last started with another configuration than the one this notice was made from.',
          },
        ]
      : []),
  ];
}
