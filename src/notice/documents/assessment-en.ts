import type { NoticeFacts } from '../facts.ts';
import { timeText } from '../labels.ts';
import { ENGLISH as words } from '../labels-en.ts';
import type { Block, Page } from '../page.ts';
import { openRisks, type Risk } from '../risks.ts';
import { basis, differences, others, storing, whoRunsIt } from './sections-en.ts';

/** A draft of the operator's self-assessment (data protection impact assessment), in English. */
export function englishAssessment(facts: NoticeFacts): Page {
  return {
    language: 'en',
    title: 'Self-assessment of the gate (draft)',
    madeAt: facts.madeAt,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)}`,
    blocks: [
      {
        kind: 'note',
        text: 'A draft made from settings and records. The judgement is the operator’s: complete it, sign it, and make it anew when something changes.',
      },
      heading('1. What is processed'),
      ...whoRunsIt(facts),
      ...storing(facts).slice(1),
      ...others(facts).slice(1),
      heading('2. Basis and purpose'),
      ...basis(facts).slice(1),
      heading('3. Is it necessary?'),
      {
        kind: 'table',
        columns: ['Item', 'Needed for', 'Could it be done without?'],
        rows: [
          [
            'camera picture, for seconds',
            'to find the face',
            'no: without a face there is no place to measure',
          ],
          ['thermal picture, for seconds', 'the temperature', 'no'],
          ...facts.storage.items.map(({ item }) => [
            words.item[item],
            words.why[item],
            item === 'count' ? 'yes: storage profile 0' : 'yes: storage profile 0 or 1',
          ]),
        ],
      },
      heading('4. What protects visitors here'),
      {
        kind: 'list',
        items: [
          'Detection only: nothing that could recognise anybody is in the software; checked at every change of it.',
          'Pictures stay in memory; a trace of system calls is part of the tests.',
          'Normal visits have no temperature; the format of the records has no place for one.',
          'Deletion by number and by age, by the gate itself; each deletion counted.',
          'An audit trail whose entries are chained; a changed or missing one is found.',
          'One way out by network, and none for photos; tested by capturing every packet.',
          'Elevated and recheck ask for a clinical thermometer; nobody is refused by the gate.',
        ],
      },
      heading('5. Open risks'),
      {
        kind: 'table',
        columns: ['Risk', 'What to do'],
        rows: openRisks(facts).map((risk) => [...RISKS[risk]]),
      },
      heading('6. The office’s answers of 2020'),
      ...differences(facts).slice(1),
      heading('7. Conclusion of the operator'),
      {
        kind: 'paragraph',
        text: 'Is the gate still needed, and is nothing milder enough? By whom, and when:',
      },
      { kind: 'paragraph', text: '____________________________________________________________' },
    ],
  };
}

const RISKS: Readonly<Record<Risk, readonly [risk: string, remedy: string]>> = {
  'not-named': [
    'Controller, contact, purpose or basis are not named.',
    'Set what the notice lists as not named.',
  ],
  'no-basis': ['Something is kept without a basis.', 'Name one, or lower the storage profile to 0.'],
  'basis-not-in-force': [
    'The basis named does not hold today.',
    'Correct its dates, or let the gate only count.',
  ],
  'consent-outside': [
    'The gate cannot ask for consent.',
    'Ask before the gate; offer another way in to those who refuse.',
  ],
  'photos-kept': [
    'Photos of faces are kept. The Korean commission (2020-11-05) forbids that by default.',
    'Go down to profile 2 unless a law requires photos; else ask for consent and delete within 4 weeks.',
  ],
  'photos-unmasked': [
    'Pixelated photos of visitors without a mask are kept; clothes and place may still tell who it is.',
    'records.photo.withoutMask: none',
  ],
  'one-key': [
    'Photos are sealed to one key: if it is lost nobody opens them, if it is stolen a thief does.',
    'Keep it off line, in two places.',
  ],
  'alerts-plain': ['Alerts go to another machine unencrypted.', 'Use TLS.'],
  'alerts-copies': [
    'Subscribers of alerts hold copies that the gate cannot delete.',
    'Agree on their deletion; few subscribers, each with a password.',
  ],
  'open-broker': [
    'The broker inside the gate asks for no password.',
    'Set a user name and a password for it.',
  ],
  commands: [
    'The gate does what it is asked by network, for whom the broker allows.',
    'Restrict the request topics by the broker’s access list, and read the audit trail.',
  ],
  login: [
    'Who holds a key of the operator’s, or what the operating system asks for, can log in and read everything kept.',
    'Few keys, each with a passphrase; close the login when it is not needed (ssh-keys.txt without a key).',
  ],
  'handed-over-copies': [
    'Copies were handed over; the gate cannot delete them.',
    'Ask recipients to confirm deletion.',
  ],
  'clock-unkept': [
    'No time server was found in the machine’s settings: ages may be wrong.',
    'Set up systemd-timesyncd or chrony.',
  ],
  'trail-broken': [
    'The audit trail is not whole.',
    'Find out why: fevergate records verify names the first broken link.',
  ],
  'other-config': ['The gate was started with another configuration.', 'Make this draft from that one.'],
  'notice-not-published': [
    'The notice is not published at an address.',
    'Publish it and set operator.noticeUrl.',
  ],
  'flash-remains': [
    'Flash memory may keep old copies of deleted records until its controller reuses the place; of photos only sealed ones without their key.',
    'Encrypt the disk; destroy the card of a device that leaves the house.',
  ],
  accuracy: [
    '32x24 pixels and an uncertainty of tenths of a degree: fevers are missed and healthy visitors stopped. Not a medical device; does not meet IEC 80601-2-59.',
    'Compare daily with a clinical thermometer; never rely on it alone.',
  ],
  'people-decide': [
    'Staff may treat the gate’s result as a diagnosis.',
    'Train by the operating policy; ask for the thermometer every time.',
  ],
};

function heading(text: string): Block {
  return { kind: 'heading', level: 2, text };
}
