import { PdfDocument } from '../../io/pdf/document.ts';
import type { StoredVisit } from '../../records/stored-visit.ts';
import { textsOf, titlesIn, UNTRUSTED } from '../../records/visit-texts.ts';
import type { Language } from '../../records/words.ts';
import type { Reasons } from './reasons.ts';

/** What an exported document says beside the visits. */
export type DocumentFacts = Readonly<{
  /** `<site>/<gate>`. */
  gate: string;
  software: string;
  /** Local time with its offset. */
  time: string;
  /** What was asked for, in words. */
  selection: string;
  reasons: Reasons;
}>;

type DocumentWords = Readonly<{
  title: string;
  fields: Readonly<Record<keyof Reasons | 'gate' | 'time' | 'selection' | 'visits' | 'software', string>>;
  notes: readonly string[];
  signatures: readonly string[];
}>;

const WORDS: Readonly<Record<Language, DocumentWords>> = {
  en: {
    title: 'Visits recorded at a screening gate',
    fields: {
      gate: 'Gate',
      purpose: 'Purpose',
      recipient: 'Recipient',
      legalBasis: 'Legal basis',
      by: 'Handed over by',
      time: 'Time of export',
      selection: 'Asked for',
      visits: 'Visits',
      software: 'Software',
    },
    notes: [
      'Temperatures are face surface temperatures. The gate is no medical device; an elevated or recheck visit asks for a check with a certified thermometer, whose result stands in the last column where it was entered.',
      'Of normal visits no temperature is kept. Nobody is identified: a visit has a number and no name.',
      `${UNTRUSTED} behind a time: the clock was not synchronised.`,
    ],
    signatures: ['Handed over (name, date)', 'Received (name, date)'],
  },
  ko: {
    title: '출입 발열 선별 방문 기록',
    fields: {
      gate: '게이트',
      purpose: '제공 목적',
      recipient: '제공받는 자',
      legalBasis: '법적 근거',
      by: '제공한 사람',
      time: '내보낸 시각',
      selection: '요청 범위',
      visits: '방문 건수',
      software: '소프트웨어',
    },
    notes: [
      '온도는 얼굴 표면온도입니다. 이 게이트는 의료기기가 아니며, 높음·재확인 판정은 인증된 체온계로 다시 확인해야 합니다. 확인 결과를 입력한 경우 마지막 열에 적혀 있습니다.',
      '정상 방문은 온도를 남기지 않습니다. 누구인지 식별하지 않으며, 방문에는 번호만 있고 이름은 없습니다.',
      `시각 뒤의 ${UNTRUSTED}: 시계가 동기화되지 않은 때의 기록입니다.`,
    ],
    signatures: ['제공자 (성명, 날짜)', '수령자 (성명, 날짜)'],
  },
};

/** Shares of the table's width, and what is set to the right. */
const COLUMNS = [
  { width: 10, align: 'right' },
  { width: 21 },
  { width: 10 },
  { width: 11 },
  { width: 17 },
  { width: 11 },
  { width: 20 },
] as const;

/**
 * Visits as a printable document.
 * @param written told after every visit how many are written
 */
export async function pdfOf(
  visits: readonly StoredVisit[],
  facts: DocumentFacts,
  language: Language,
  written: (count: number) => void,
): Promise<Uint8Array> {
  const { title, fields, notes, signatures } = WORDS[language];
  const footer = `${facts.gate}, ${facts.time}`;
  const pdf = new PdfDocument({ title, language, createdAt: new Date(facts.time), footer });
  pdf.heading(title, 1);
  const { reasons, ...rest } = facts;
  const values = { ...reasons, ...rest, visits: String(visits.length) };
  for (const name of Object.keys(fields) as (keyof typeof fields)[])
    pdf.paragraph(`${fields[name]}: ${values[name]}`);
  pdf.space(6);
  pdf.list(notes);
  const columns = titlesIn(language).map((columnTitle, index) => ({
    title: columnTitle,
    ...(COLUMNS[index] ?? { width: 10 }),
  }));
  pdf.table({ columns, rows: rowsOf(visits, language, written), cells: 'clipped' });
  pdf.makeRoom(80);
  pdf.space(24);
  for (const signature of signatures) {
    pdf.rule();
    pdf.paragraph(signature);
    pdf.space(16);
  }
  return pdf.end();
}

function* rowsOf(
  visits: readonly StoredVisit[],
  language: Language,
  written: (count: number) => void,
): Generator<readonly string[]> {
  for (const [index, visit] of visits.entries()) {
    yield textsOf(visit, language);
    written(index + 1);
  }
}
