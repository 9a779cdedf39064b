import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import type { Block, Page } from '../page.ts';
import { basis, others, storing, whoRunsIt } from './sections-en.ts';

/** The operating policy, in English: what staff do, by the gate's own settings. */
export function englishPolicy(facts: NoticeFacts): Page {
  const { storage, range } = facts;
  const photoAccess =
    storage.photo === null
      ? 'No photos are kept.'
      : 'Photos can be opened only with the private key, which is never on the gate; its holder opens one at a time, for a reason written down.';
  return {
    language: 'en',
    title: 'Operating policy of the gate',
    madeAt: facts.madeAt,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)}`,
    blocks: [
      heading('1. Who and where'),
      ...whoRunsIt(facts),
      paragraph(
        `The gate measures people who stand ${range.minM} to ${range.maxM} m in front of it, one at a time, whenever it is switched on. The sign hangs where it is read before that. It stands in no toilet, changing room or other private place, records no sound and cannot be turned from afar.`,
      ),
      heading('2. What for, and what allows it'),
      ...basis(facts).slice(1),
      heading('3. What is kept, and how long'),
      ...storing(facts).slice(1),
      heading('4. Who may read it'),
      {
        kind: 'list',
        items: [
          'Records belong to the account that runs the gate; nobody else on the machine can read them.',
          'They are read with fevergate records by the person responsible named above, or by whom that person appoints in writing.',
          ...(facts.login === null
            ? []
            : [
                'Whoever logs in by network can run these commands: keys are held by the same persons and nobody else, each with a passphrase.',
              ]),
          photoAccess,
          'The list shows a face surface temperature. It is never entered anywhere as a person’s body temperature.',
        ],
      },
      heading('5. Answering a result'),
      {
        kind: 'list',
        items: [
          'Green, normal: the visitor goes on.',
          'Red and yellow, recheck, or red, elevated: ask the visitor aside, let them rest 5 to 10 minutes indoors, and check with a certified clinical thermometer.',
          'Only that thermometer’s result counts. Nobody is refused for the gate’s result alone.',
          'Enter it: fevergate records check NUMBER --result confirmed|cleared --temperature C --by WHO.',
          'A visitor who does not want to be measured is shown another way in.',
          'Warming up or out of service: the gate is not used; people check by hand.',
        ],
      },
      heading('6. Deleting'),
      {
        kind: 'list',
        items: [
          `The gate deletes by itself: beyond ${countText(storage.capVisits)} visits the oldest, and every visit after ${storage.maximumAgeDays} days. Photo, record and waiting alert go together.`,
          'Before the device is sold, returned or thrown away: fevergate retire, and keep the certificate.',
          'Backups hold settings and calibration, no records.',
        ],
      },
      heading('7. Requests of visitors'),
      {
        kind: 'list',
        items: [
          'Take the visit number, or the time of the visit. Ask for no name.',
          'To see: fevergate records show NUMBER. To erase: fevergate records erase.',
          'Answer at once where possible, within ten days at the latest.',
          'Complaints: the contact above; in Korea also the privacy call centre, telephone 118.',
        ],
      },
      heading('8. Handing over'),
      ...others(facts).slice(1),
      {
        kind: 'list',
        items: [
          'Only on a written request that names purpose, recipient and legal basis; only the visits it covers.',
          'fevergate records export asks for all three, writes them to the audit trail and makes a manifest with SHA-256.',
          'Write down when the recipient deletes the copy.',
        ],
      },
      heading('9. Watching over it'),
      {
        kind: 'list',
        items: [
          'Daily: fevergate doctor after warming up; a check of the gate against a clinical thermometer on one of the staff.',
          'Weekly: fevergate records verify, and the last hash written down elsewhere.',
          'After every change of settings: publish this policy and the notice anew; both are made by the gate.',
          storage.basis.until === null
            ? 'No end date is named for the legal basis: name one, and review before it.'
            : `Before ${storage.basis.until}: review whether the gate is still needed. After that day it falls back to counting by itself.`,
        ],
      },
    ],
  };
}

function heading(text: string): Block {
  return { kind: 'heading', level: 2, text };
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}
