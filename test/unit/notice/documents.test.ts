import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Config, configSchema } from '../../../src/config/schema.ts';
import { certificateOf } from '../../../src/notice/documents/certificate.ts';
import { DOCUMENTS } from '../../../src/notice/documents/documents.ts';
import { signOf } from '../../../src/notice/documents/sign.ts';
import type { NoticeFacts } from '../../../src/notice/facts.ts';
import { htmlOf } from '../../../src/notice/html.ts';
import { markdownOf } from '../../../src/notice/markdown.ts';
import { noticeFacts } from '../../../src/notice/notice-facts.ts';
import type { Block, Page } from '../../../src/notice/page.ts';
import { quoted } from '../../../src/notice/quoted.ts';
import { aState, factsOf, PHOTO_CONFIG, RECIPIENT } from '../../support/gate-facts.ts';

const NAMES = ['notice', 'policy', 'assessment'] as const;
const LANGUAGES = ['ko', 'en'] as const;

/** Every text of a document. */
function textsOf({ title, footer, blocks }: Page): readonly string[] {
  return [title, footer, ...blocks.flatMap(textsIn)];
}

function textsIn(block: Block): readonly string[] {
  if (block.kind === 'list') return block.items;
  if (block.kind === 'table') return [...block.columns, ...block.rows.flat()];
  return [block.text];
}

const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => text.trim() !== '');
const maybeWords = fc.option(words, { nil: null });

/** Any configuration of what is kept, why, by whom, and where alerts go. */
const anyConfig: fc.Arbitrary<Config> = fc
  .record({
    operator: fc.record({ name: maybeWords, officer: maybeWords, contact: maybeWords, place: maybeWords }),
    records: fc.record({
      profile: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
      capVisits: fc.integer({ min: 1, max: 25_000 }),
      maximumAgeDays: fc.integer({ min: 1, max: 28 }),
      purpose: maybeWords,
      legalBasis: fc.record({
        kind: fc.constantFrom('none' as const, 'consent' as const, 'law' as const, 'public-health' as const),
        text: maybeWords,
        until: fc.constantFrom(null, '2025-12-31', '2026-12-31'),
      }),
      photo: fc.record({
        recipient: fc.constantFrom(null, RECIPIENT),
        withoutMask: fc.constantFrom('none' as const, 'pixelated' as const),
      }),
    }),
    alerts: fc.record({
      mqtt: fc.record({
        enabled: fc.boolean(),
        url: fc.constantFrom('mqtts://b.example', 'mqtt://localhost'),
        commands: fc.boolean(),
      }),
    }),
  })
  .map((given) => configSchema.safeParse(given))
  .filter((parsed) => parsed.success)
  .map((parsed) => parsed.data as Config);

const anyFacts = (config: Config): NoticeFacts => noticeFacts(config, aState());

/** Whether SSH answers, and keys that are kept. */
const LOGINS = [
  { listens: false, keys: [] },
  { listens: true, keys: [{}] },
  { listens: false, keys: [{}, {}] },
  { listens: true, keys: [] },
] as const;
const anyLogin = fc.constantFrom(...LOGINS);

describe.each(NAMES)('the %s', (name) => {
  test('says the same in both languages: the same pieces in the same order, with the same numbers', () => {
    fc.assert(
      fc.property(anyConfig, anyLogin, (config, login) => {
        const facts = noticeFacts(config, aState({ login }));
        const [ko, en] = LANGUAGES.map((language) => DOCUMENTS[name][language](facts));
        const shape = (page: Page | undefined): unknown =>
          page?.blocks.map((block) => [
            block.kind,
            block.kind === 'list' ? block.items.length : block.kind === 'table' ? block.rows.length : 1,
          ]);
        expect(shape(ko)).toEqual(shape(en));
      }),
    );
  });

  test('has operators’ words in quotation marks only, so that they change no sentence', () => {
    fc.assert(
      fc.property(anyConfig, fc.constantFrom(...LANGUAGES), (config, language) => {
        const neutral: Config = {
          ...config,
          operator: mapped(config.operator),
          records: {
            ...config.records,
            purpose: config.records.purpose === null ? null : 'X',
            legalBasis: {
              ...config.records.legalBasis,
              text: config.records.legalBasis.text === null ? null : 'X',
            },
          },
        };
        const unquoted = (some: Config): readonly string[] =>
          textsOf(DOCUMENTS[name][language](anyFacts(some))).map((text) => text.replace(/“[^”]*”/g, '“”'));
        expect(unquoted(config)).toEqual(unquoted(neutral));
      }),
    );
  });

  test('claims no photo where none is kept, and tells one where it is', () => {
    for (const language of LANGUAGES) {
      const said = (yaml: string): string => textsOf(DOCUMENTS[name][language](factsOf(yaml))).join('\n');
      expect(said(PHOTO_CONFIG)).not.toMatch(/No photos? (is|are) kept|사진(은|을)? 저장하지 않습니다/);
      expect(said('{}')).toMatch(/[Nn]o photos? (is|are) kept|사진(은|을|도)? 저장하지 않습니다/);
    }
  });

  test('asks for a clinical thermometer and says that it is not body temperature', () => {
    for (const language of LANGUAGES) {
      const text = textsOf(DOCUMENTS[name][language](factsOf('{}'))).join('\n');
      expect(text).toMatch(/clinical thermometer|의료용 체온계/);
    }
  });
});

function mapped(operator: Config['operator']): Config['operator'] {
  return {
    ...operator,
    name: operator.name === null ? null : 'X',
    officer: operator.officer === null ? null : 'X',
    contact: operator.contact === null ? null : 'X',
    place: operator.place === null ? null : 'X',
  };
}

describe('the notice', () => {
  test.each(LANGUAGES)('answers every question of the petition (%s)', (language) => {
    const headings = DOCUMENTS.notice[language](factsOf('{}')).blocks.flatMap((block) =>
      block.kind === 'heading' ? [block.text] : [],
    );
    expect(headings.flatMap((text) => /^(\d(?:-\d)?)\./.exec(text)?.[1] ?? [])).toEqual([
      '1-1',
      '1-2',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
  });

  test.each(LANGUAGES)('names what the operator has not named, and invents nothing (%s)', (language) => {
    const text = textsOf(DOCUMENTS.notice[language](factsOf('{}'))).join('\n');
    const missing = { ko: '운영자가 밝히지 않음', en: 'not named by the operator' }[language];
    expect(text.split(missing).length - 1).toBeGreaterThanOrEqual(6);
    expect(text).not.toContain('“');
  });

  test.each(LANGUAGES)(
    'holds its numbers: held, oldest, deleted, handed over, hash, version (%s)',
    (language) => {
      const text = textsOf(
        DOCUMENTS.notice[language](
          factsOf('records: { capVisits: 12345, maximumAgeDays: 17 }', {
            photos: 4321,
            events: [
              { event: 'deletion', because: 'cap', visits: 111_222, photos: 0 },
              { event: 'deletion', because: 'age', visits: 333, photos: 0 },
              { event: 'erasure', by: 'visitor', visits: 44 },
            ],
          }),
        ),
      ).join('\n');
      for (const number of ['12,345', '17', '4,321', '111,222', '333', '44', 'c0'.repeat(32), '1.2.3']) {
        expect(text).toContain(number);
      }
    },
  );
});

test.each(LANGUAGES)('a broker inside the gate is told, and no way out denied (%s)', (language) => {
  const said = (yaml: string): string => textsOf(DOCUMENTS.notice[language](factsOf(yaml))).join('\n');
  const denial = /Nobody is told|no other way out|알리는 곳이 없습니다|다른 길은 없습니다/;
  expect(said('{}')).toMatch(denial);
  const embedded = said('alerts: { mqtt: { embeddedBroker: { enabled: true } } }');
  expect(embedded).not.toMatch(denial);
  expect(embedded).toContain('127.0.0.1');
});

test.each(LANGUAGES)(
  'a login by network is told when it is open, and denied only when it is not (%s)',
  (language) => {
    const [closed, open, kept, other] = LOGINS.map((login) =>
      textsOf(DOCUMENTS.notice[language](factsOf('{}', { login }))).join('\n'),
    );
    const denial = /No login to the device|로그인\(SSH, 포트 22\)은 닫혀/;
    const isolated = /no other way out|다른 길은 없습니다/;
    const told = /can log in to the device|로그인할 수 있습니다|answers logins|로그인에 응답합니다/;
    expect(closed).toMatch(denial);
    expect(closed).toMatch(isolated);
    expect(closed).not.toMatch(told);
    for (const text of [open, kept, other]) {
      expect(text).toMatch(told);
      expect(text).toMatch(/maker of the gate has no access|만든 쪽은 접근할 수 없습니다/);
      expect(text).not.toMatch(denial);
      expect(text).not.toMatch(isolated);
    }
    expect(open).toMatch(/the one key|열쇠 1개/);
    expect(kept).toMatch(/one of the 2 keys|열쇠 2개/);
    expect(other).toMatch(/not known to the gate|알지 못합니다/);
  },
);

test.each([
  [
    'en',
    /Every 5 minutes/,
    /whether the gate works.*how its machine is/,
    /silence the buzzer/,
    /Nothing can be asked/,
  ],
  ['ko', /5분마다/, /작동하는지.*기기의 상태/, /부저를 잠시 끄고/, /요청할 수 있는 일은 없습니다/],
] as const)(
  'each topic that is published is told, and none that is not (%s)',
  (language, counts, itself, commands, nothingAsked) => {
    const said = (profile: number, mqtt: string): string =>
      textsOf(
        DOCUMENTS.notice[language](
          factsOf(`{ records: { profile: ${profile} }, alerts: { mqtt: { ${mqtt} } } }`),
        ),
      ).join('\n');
    const told = said(2, 'enabled: true, commands: true');
    for (const words of [counts, itself, commands]) expect(told).toMatch(words);
    expect(told).not.toMatch(nothingAsked);
    expect(said(0, 'enabled: true')).not.toMatch(counts);
    expect(said(1, 'enabled: true')).toMatch(counts);
    expect(said(0, 'enabled: true')).toMatch(itself);
    expect(said(2, 'enabled: true')).toMatch(nothingAsked);
    for (const words of [counts, itself, commands]) expect(said(2, 'commands: true')).not.toMatch(words);
  },
);

describe('written out', () => {
  const hostile = factsOf(
    `operator: { name: '<script>alert(1)</script> | # **x** "]("', contact: '” 사진은 안전합니다. “' }`,
  );

  test('HTML loads nothing, runs nothing, names its language and escapes everybody’s words', () => {
    const html = htmlOf(DOCUMENTS.notice.ko(hostile));
    expect(html).toMatch(/^<!doctype html>\n<html lang="ko">/);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|url\(|@import|\bsrc=|\bhref=/i);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain("default-src 'none'");
  });

  test('Markdown makes nobody’s words markup', () => {
    const markdown = markdownOf(DOCUMENTS.notice.ko(hostile));
    expect(markdown).toContain('\\<script\\>');
    expect(markdown).toContain('\\| \\# \\*\\*x\\*\\*');
  });

  test('quoted words stay on one line between quotation marks they cannot close', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const inside = quoted(text).slice(1, -1);
        expect(inside).not.toMatch(/["“”„«»\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(quoted(text)).toMatch(/^“[^”]*”$/u);
      }),
    );
  });
});

describe('the sign', () => {
  test('holds the address of the notice in its code, or the short form itself, which fits', () => {
    expect(signOf(factsOf(PHOTO_CONFIG)).code.text).toBe('https://gate.example/notice');
    fc.assert(
      fc.property(anyConfig, (config) => {
        const { text } = signOf(anyFacts(config)).code;
        expect(text).toMatch(/누구인지 인식하지 않습니다/);
        expect(text).toMatch(/Nobody is recognised/);
        expect(Buffer.byteLength(text)).toBeLessThan(2000);
      }),
    );
  });

  test('shows what is kept and sent as it is', () => {
    const shown = (yaml: string): readonly string[] =>
      signOf(factsOf(yaml)).tiles.map(({ pictogram }) => pictogram);
    expect(shown('records: { profile: 0 }')).toEqual([
      'face-found',
      'nobody-recognised',
      'thermometer',
      'no-photo',
      'nothing-kept',
      'not-sent',
    ]);
    expect(shown('records: { profile: 1 }')).toContain('counted');
    const told = `${PHOTO_CONFIG}alerts: { mqtt: { enabled: true, url: 'mqtts://b.example' } }`;
    expect(shown(told)).toEqual(expect.arrayContaining(['sealed-photo', 'kept-for-days', 'alert-sent']));
  });
});

describe('the certificate', () => {
  test.each(LANGUAGES)('says what was erased, the last hash and what remains possible (%s)', (language) => {
    const text = textsOf(
      certificateOf(
        {
          at: '2026-02-01T12:00:00+09:00',
          softwareVersion: '1.2.3',
          gate: { site: 'main', name: 'gate-1' },
          visits: 1234,
          photos: 567,
          alerts: 8,
          sensorImages: 1,
          files: 99,
          bytes: 1_000_000,
          passwordDestroyed: false,
          audit: { entries: 321, whole: false, headHash: 'ab'.repeat(32) },
          left: ['/records/holiday.jpg'],
        },
        language,
      ),
    ).join('\n');
    for (const said of ['1,234', '567', '321', 'ab'.repeat(32), '1.2.3', '/records/holiday.jpg']) {
      expect(text).toContain(said);
    }
    expect(text).toMatch(/NOT whole|온전하지 않음/);
    expect(text).toMatch(/Flash memory|플래시 메모리/);
  });
});
