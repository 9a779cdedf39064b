import { bech32 } from '@scure/base';
import { z } from 'zod';
import { section, textOrNull, whole } from './field-kinds.ts';

/** An age X25519 public key: what `fevergate keygen` prints. */
const AGE_RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** Whether the checksum at a key's end fits the rest. */
function isWhole(key: string): boolean {
  return bech32.decodeUnsafe(key) !== undefined;
}

export const operator = section(
  {
    name: textOrNull('Who answers for this gate, as the public notice names them.'),
    officer: textOrNull('The post or person who is responsible for the records.'),
    contact: textOrNull('Where questions and requests go: telephone, address or e-mail.'),
    place: textOrNull('Where the gate stands, in words for the public.'),
    noticeUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .max(300)
      .nullable()
      .default(null)
      .describe('Where the notice is published, for the sign; null: the sign holds its short form itself.'),
  },
  'Who runs the gate; told on the public notice.',
);

const legalBasis = section(
  {
    kind: z
      .enum(['none', 'consent', 'law', 'public-health'])
      .default('none')
      .describe(
        'none: nothing that needs one is kept; consent: asked before; law: text names it; public-health: urgent, text names it.',
      ),
    text: textOrNull('The basis in words, with article and paragraph.'),
    from: dateOrNull('First day the basis holds, as 2026-01-31.'),
    until: dateOrNull(
      'Last day the basis holds, as 2026-12-31; the day after, the gate falls back to profile 1.',
    ),
  },
  'What allows the records to be kept.',
);

const recipient = (which: string) =>
  z
    .string()
    .regex(AGE_RECIPIENT, 'must be an age public key (age1...), as fevergate keygen prints it')
    .refine(isWhole, 'has a letter wrong: its checksum does not fit; copy it once more')
    .nullable()
    .default(null)
    .describe(`${which} The private key never comes near the gate.`);

const photo = section(
  {
    recipient: recipient('Public key that photos are sealed to; null: no photo is taken.'),
    secondRecipient: recipient('A second key that opens the same photos; null: none.'),
    withoutMask: z
      .enum(['none', 'pixelated'])
      .default('none')
      .describe('What is kept of a visitor without a mask: no photo, or one with the face pixelated.'),
  },
  'Photos, in profile 3 only.',
);

export const records = section(
  {
    directory: z.string().min(1).default('var/records').describe('Folder of the records.'),
    profile: z
      .literal([0, 1, 2, 3])
      .default(2)
      .describe(
        '0: nothing is kept; 1: counts; 2: visits, temperature only of elevated and recheck ones; 3: with a sealed photo.',
      ),
    capVisits: whole(1, 25_000, 25_000, 'Visits kept; older ones are deleted in order.'),
    maximumAgeDays: whole(1, 28, 28, 'Days a visit is kept at most.'),
    purpose: textOrNull('What the records are for, in words for the public.'),
    legalBasis,
    photo,
  },
  'What is kept, and for how long.',
);

function dateOrNull(what: string) {
  return z.iso.date().nullable().default(null).describe(what);
}
