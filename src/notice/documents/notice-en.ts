import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import { ENGLISH as words } from '../labels-en.ts';
import type { Block, Page } from '../page.ts';
import { quoted } from '../quoted.ts';
import { basis, differences, others, storing, whoRunsIt } from './sections-en.ts';

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
    text: 'Not a medical device. It reads the surface temperature of the face, not body temperature. The answers elevated and recheck ask for a check with a certified clinical thermometer by a person, and are no reason by themselves to refuse anybody. No alarm does not mean no fever.',
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
