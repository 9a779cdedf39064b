import type { NoticeFacts } from '../facts.ts';
import { timeText } from '../labels.ts';
import { ENGLISH } from '../labels-en.ts';
import { KOREAN } from '../labels-ko.ts';
import type { PictogramName } from '../pictograms.ts';
import { quoted } from '../quoted.ts';

/** A text in both languages. */
export type Both = Readonly<{ ko: string; en: string }>;

/** The sign for the door, in both languages. */
export type Sign = Readonly<{
  title: Both;
  tiles: readonly (Both & Readonly<{ pictogram: PictogramName }>)[];
  rows: readonly Readonly<{ name: Both; value: Both }>[];
  /** What the QR code holds: the address of the notice, or its short form itself. */
  code: Readonly<{ text: string; caption: Both }>;
  footer: string;
}>;

export function signOf(facts: NoticeFacts): Sign {
  return {
    title: { ko: '얼굴 표면온도와 마스크를 확인합니다', en: 'Face surface temperature and mask are checked' },
    tiles: tilesOf(facts),
    rows: rowsOf(facts),
    code: codeOf(facts),
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)} · ${facts.configHash.slice(0, 16)}`,
  };
}

function tilesOf({ storage, connections, listensAt }: NoticeFacts): Sign['tiles'] {
  const told = listensAt !== null || connections.some(({ role }) => role === 'broker');
  return [
    {
      pictogram: 'face-found',
      ko: '얼굴을 찾아 몇 초 동안 판별합니다.',
      en: 'A face is looked for and judged for seconds.',
    },
    {
      pictogram: 'nobody-recognised',
      ko: '누구인지 인식하지 않습니다.',
      en: 'Nobody is recognised.',
    },
    {
      pictogram: 'thermometer',
      ko: '체온이 아닙니다. 높으면 의료용 체온계로 확인합니다.',
      en: 'Not body temperature. If elevated, a clinical thermometer decides.',
    },
    storage.photo === null
      ? { pictogram: 'no-photo', ko: '사진을 저장하지 않습니다.', en: 'No photo is kept.' }
      : {
          pictogram: 'sealed-photo',
          ko:
            storage.photo.withoutMask === 'none'
              ? '마스크를 쓴 사진을 봉인하여 저장합니다.'
              : '사진을 봉인하여 저장합니다. 마스크가 없으면 얼굴을 가립니다.',
          en:
            storage.photo.withoutMask === 'none'
              ? 'A sealed photo is kept of masked visitors.'
              : 'A sealed photo is kept; without a mask the face is made unrecognisable.',
        },
    keptTile(storage),
    told
      ? {
          pictogram: 'alert-sent',
          ko: '높음 판정을 사진 없이 네트워크로 알립니다.',
          en: 'Elevated visits are told by network, without a photo.',
        }
      : { pictogram: 'not-sent', ko: '네트워크로 보내지 않습니다.', en: 'Nothing is sent by network.' },
  ];
}

function keptTile({ inForce, maximumAgeDays }: NoticeFacts['storage']): Sign['tiles'][number] {
  if (inForce === 0)
    return { pictogram: 'nothing-kept', ko: '아무것도 저장하지 않습니다.', en: 'Nothing is kept.' };
  if (inForce === 1) {
    return { pictogram: 'counted', ko: '방문 수만 저장합니다.', en: 'Only the number of visits is kept.' };
  }
  return {
    pictogram: 'kept-for-days',
    ko: `시각과 판정을 최대 ${maximumAgeDays}일 저장합니다.`,
    en: `Time and result are kept for at most ${maximumAgeDays} days.`,
  };
}

function rowsOf({ operator, storage, range }: NoticeFacts): Sign['rows'] {
  return [
    { name: { ko: '목적', en: 'Purpose' }, value: said(storage.purpose) },
    { name: { ko: '장소', en: 'Place' }, value: said(operator.place) },
    {
      name: { ko: '범위와 시간', en: 'Range and hours' },
      value: {
        ko: `기기 앞 ${range.minM}~${range.maxM} m, 기기가 켜져 있는 동안`,
        en: `${range.minM} to ${range.maxM} m in front of the gate, while it is on`,
      },
    },
    { name: { ko: '운영 주체', en: 'Controller' }, value: said(operator.name) },
    { name: { ko: '책임자', en: 'Responsible' }, value: said(operator.officer) },
    { name: { ko: '연락처', en: 'Contact' }, value: said(operator.contact) },
  ];
}

function codeOf(facts: NoticeFacts): Sign['code'] {
  const { noticeUrl } = facts.operator;
  if (noticeUrl !== null) {
    return { text: noticeUrl, caption: { ko: '안내문 전체', en: 'The whole notice' } };
  }
  return {
    text: shortForm(facts),
    caption: { ko: '안내문 요약 (인터넷 없이 읽힘)', en: 'The notice in short (read without Internet)' },
  };
}

/** What fits into a code that a telephone still reads from a door. */
function shortForm(facts: NoticeFacts): string {
  const tiles = tilesOf(facts);
  const contact = said(facts.operator.contact);
  return [
    ...tiles.map(({ ko }) => ko),
    `연락처: ${contact.ko}`,
    ...tiles.map(({ en }) => en),
    `Contact: ${contact.en}`,
    `fevergate ${facts.softwareVersion} ${facts.configHash.slice(0, 16)}`,
  ].join('\n');
}

function said(value: string | null): Both {
  return value === null
    ? { ko: KOREAN.missing, en: ENGLISH.missing }
    : { ko: quoted(value), en: quoted(value) };
}
