import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { alertPayload } from '../../../src/alerts/payload.ts';
import { documentedDefaults } from '../../../src/config/describe.ts';
import { certificateOf } from '../../../src/notice/documents/certificate.ts';
import { DOCUMENTS } from '../../../src/notice/documents/documents.ts';
import { signOf } from '../../../src/notice/documents/sign.ts';
import { markdownOf } from '../../../src/notice/markdown.ts';
import { WORDS } from '../../../src/records/words.ts';
import { aNumberedAlert } from '../../support/an-alert.ts';
import { factsOf, PHOTO_CONFIG } from '../../support/gate-facts.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const TEXTS = /\.(ts|mjs|md|yaml|json|svg)$/;

/** What the gate reads may be told from body temperature, never called it; a clinical thermometer does measure it. */
const ALLOWED = [
  /\b(not|never|no|nor|and no|does not measure|never entered anywhere as a person’s|never called|never “?)\W{0,3}body temperatures?/gi,
  /체온(이|은|을)? (아닙니다|아니며|아니라|아닌|재지 않|쓰지 않|적지 않)/g,
  /사람의 체온으로 적지 않습니다/g,
  /체온계/g,
];
const FORBIDDEN = /body[ -]temperature|체온/i;

/** The lines in which the forbidden words stand otherwise. */
function wrongLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => {
    const rest = ALLOWED.reduce((left, allowed) => left.replace(allowed, ''), line);
    return FORBIDDEN.test(rest);
  });
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => TEXTS.test(file))
    .map((file) => path.join(folder, file));
}

const DOCUMENT_TEXTS = [factsOf('{}'), factsOf(PHOTO_CONFIG)].flatMap((facts) => [
  ...Object.values(DOCUMENTS).flatMap(({ ko, en }) => [markdownOf(ko(facts)), markdownOf(en(facts))]),
  JSON.stringify(signOf(facts)).replaceAll('\\n', '\n'),
]);

describe('the gate’s own reading', () => {
  test.each(['src', 'docs', 'config', 'README.md', 'CHANGELOG.md'])(
    'is never called body temperature in %s',
    (place) => {
      const files = place.includes('.') ? [place] : filesIn(place);
      expect(files.length).toBeGreaterThan(0);
      const wrong = files.flatMap((file) =>
        wrongLines(readFileSync(path.join(ROOT, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
      );
      // These lines of this very rule's allow-list and of settings' names have no such words; nothing is excused.
      expect(wrong).toEqual([]);
    },
  );

  test('nor in any document made, nor in the configuration’s comments', () => {
    for (const text of [...DOCUMENT_TEXTS, documentedDefaults()]) expect(wrongLines(text)).toEqual([]);
    for (const language of ['ko', 'en'] as const) {
      expect(wrongLines(JSON.stringify(WORDS[language]))).toEqual([]);
    }
  });

  test('the rule finds what it is for', () => {
    expect(wrongLines('body temperature 36.5')).toHaveLength(1);
    expect(wrongLines('체온 36.5도, 의료용 체온계')).toHaveLength(1);
    expect(wrongLines('체온이 아닙니다. It is not body temperature.')).toEqual([]);
    expect(wrongLines('It is not body temperature, but the body temperature is 36.5')).toHaveLength(1);
  });

  test('is called a face surface temperature, 얼굴 표면온도', () => {
    for (const document of ['notice', 'policy', 'assessment'] as const) {
      expect(markdownOf(DOCUMENTS[document].ko(factsOf('{}')))).toContain('얼굴 표면온도');
      expect(markdownOf(DOCUMENTS[document].en(factsOf('{}')))).toMatch(/face surface temperature/i);
    }
    expect(WORDS.ko.temperature).toBe('얼굴 표면온도');
  });
});

describe('every elevated result asks for a check with a clinical thermometer', () => {
  const source = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
  const THERMOMETER = /thermometer/;

  test('light and sound, in both languages', () => {
    for (const signal of ['recheck', 'elevated']) {
      const row = source('docs/light-and-sound.md')
        .split('\n')
        .find((line) => line.startsWith(`| \`${signal}\``));
      expect(row).toMatch(/clinical thermometer/);
      expect(row).toMatch(/체온계/);
    }
  });

  test.each([
    ['what the live view says', 'src/io/terminal/prompts.ts', /recheck: \[.*thermometer.*체온계/],
    ['what the live view says', 'src/io/terminal/prompts.ts', /elevated: \[.*thermometer.*체온계/],
    ['prompts', 'src/commands/simulation-observer.ts', /'normal' \? '' : .*clinical thermometer/],
    ['the simulation’s summary', 'src/commands/simulation-summary.ts', /clinical thermometer/],
    ['the PDF of records', 'src/commands/records/pdf-export.ts', /thermometer[\s\S]*인증된 (의료용 )?체온계/],
    ['the list of records', 'src/commands/records/list.ts', /adviseCheck\(/],
    ['one record', 'src/commands/records/show.ts', /adviseCheck\(/],
  ])('%s (%s)', (_, file, asks) => {
    expect(source(file)).toMatch(asks);
  });

  test('alerts, and the words of records', () => {
    expect(alertPayload(aNumberedAlert(1), { site: 'main', gate: 'gate-1' }).advice).toMatch(THERMOMETER);
    expect(WORDS.en.advice).toMatch(/certified clinical thermometer/);
    expect(WORDS.ko.advice).toMatch(/인증된 의료용 체온계/);
  });

  test('notice, policy, self-assessment and sign', () => {
    for (const text of DOCUMENT_TEXTS) expect(text).toMatch(/clinical thermometer|의료용 체온계/);
  });
});

test('a certificate says nothing of anybody’s temperature', () => {
  const page = certificateOf(
    {
      at: '2026-02-01T12:00:00+09:00',
      softwareVersion: '1',
      gate: { site: 'main', name: 'gate-1' },
      visits: 0,
      photos: 0,
      alerts: 0,
      sensorImages: 0,
      files: 0,
      bytes: 0,
      passwordDestroyed: null,
      audit: { entries: 1, whole: true, headHash: null },
      left: [],
    },
    'ko',
  );
  expect(wrongLines(markdownOf(page))).toEqual([]);
});
