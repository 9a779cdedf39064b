import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import { KOREAN as words } from '../labels-ko.ts';
import type { Block } from '../page.ts';
import { quoted } from '../quoted.ts';

const said = (value: string | null): string => (value === null ? words.missing : quoted(value));

/** Controller, contact and what is missing, in Korean. */
export function whoRunsIt({ operator, missing }: NoticeFacts): Block[] {
  return [
    {
      kind: 'paragraph',
      text: '이 글은 기기가 자신의 설정과 기록에서 아래 시각에 스스로 만든 것입니다. 따옴표 안은 운영자가 쓴 말이고, 그 밖의 글은 아무도 고쳐 쓸 수 없습니다.',
    },
    {
      kind: 'table',
      columns: ['운영', ''],
      rows: [
        ['운영 주체', said(operator.name)],
        ['기록 책임자', said(operator.officer)],
        ['연락처', said(operator.contact)],
        ['설치 장소', said(operator.place)],
      ],
    },
    ...(missing.length === 0
      ? []
      : [
          {
            kind: 'note' as const,
            text: `운영자가 밝히지 않은 것: ${missing.map((name) => words.setting[name] ?? name).join('; ')}.`,
          },
        ]),
  ];
}

/** Legal basis and purpose; begins with its heading. */
export function basis({ storage }: NoticeFacts): Block[] {
  const { kind, text, from, until, state } = storage.basis;
  return [
    { kind: 'heading', level: 2, text: '4. 법적 근거는 무엇이며 동의를 받습니까?' },
    {
      kind: 'table',
      columns: ['법적 근거', ''],
      rows: [
        ['종류', words.basisKind[kind]],
        ['운영자가 밝힌 근거', said(text)],
        ['시작, 끝', `${from ?? words.missing}, ${until ?? words.missing}`],
        ['오늘', words.basisState[state]],
        ['목적', said(storage.purpose)],
      ],
    },
    ...(kind === 'consent'
      ? [
          {
            kind: 'paragraph' as const,
            text: '동의는 방문자가 기기 앞에 서기 전에 운영자가 받습니다. 질문 5의 항목, 여기 적힌 목적과 기간에 대한 것입니다. 방문자는 거부하고 다른 방법의 출입을 요청할 수 있습니다. 기기가 스스로 동의를 받지는 못합니다.',
          },
        ]
      : []),
    ...(storage.because !== 'configured'
      ? [
          {
            kind: 'note' as const,
            text: `${NOT_AS_CONFIGURED[storage.because]} 설정된 저장 단계는 ${storage.configured}이지만 기기가 스스로 단계 ${storage.inForce}만 따릅니다.`,
          },
        ]
      : []),
  ];
}

/** Items, periods and counts; begins with its heading. */
export function storing({ storage, held, deletions }: NoticeFacts): Block[] {
  return [
    { kind: 'heading', level: 2, text: '5. 어떤 항목을 언제까지 저장합니까?' },
    ...(storage.items.length === 0
      ? [{ kind: 'paragraph' as const, text: '없습니다.' }]
      : [
          {
            kind: 'table' as const,
            columns: ['항목', '대상', '필요한 까닭'],
            rows: storage.items.map(({ item, of }) => [words.item[item], words.of[of], words.why[item]]),
          },
        ]),
    {
      kind: 'table',
      columns: ['기간과 건수', ''],
      rows: [
        ['적용 중인 저장 단계', String(storage.inForce)],
        ['최대 건수', `${countText(storage.capVisits)}건, 오래된 것부터 삭제`],
        ['최장 기간', `${storage.maximumAgeDays}일`],
        ...(storage.inForce === 1 ? [['지금까지 센 방문', `${countText(held.counted)}건`]] : []),
        ['지금 보관 중인 방문', `${countText(held.visits)}건`],
        ['지금 보관 중인 사진', `${countText(held.photos)}장`],
        [
          '가장 오래된 방문',
          held.oldestAt === null ? '없음' : `${timeText(held.oldestAt)}, ${held.oldestAgeDays ?? 0}일 지남`,
        ],
        ['지금까지 건수 때문에 삭제', `${countText(deletions.cap)}건`],
        ['지금까지 기간 때문에 삭제', `${countText(deletions.age)}건`],
        ['지금까지 저장 단계를 낮추어 삭제', `${countText(deletions.profile)}건`],
        ['지금까지 요청으로 삭제', `${countText(deletions.erased)}건`],
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
    { kind: 'heading', level: 2, text: '6. 누가 무엇을 제공받습니까?' },
    {
      kind: 'paragraph',
      text: alerts
        ? storage.inForce >= 2
          ? TOLD_IN_FULL
          : TOLD_THE_LEAST
        : '네트워크로 방문을 알리는 곳이 없습니다.',
    },
    connections.length === 0
      ? { kind: 'paragraph', text: '기기는 다른 어떤 호스트에도 연결하지 않습니다.' }
      : { kind: 'list', items: connections.map(words.connection) },
    ...(isolated
      ? [{ kind: 'paragraph' as const, text: '네트워크로 기기 밖에 나가는 다른 길은 없습니다.' }]
      : []),
    ...(connections.length > 0
      ? [
          {
            kind: 'paragraph' as const,
            text: '기기는 이 호스트에만 연결합니다. 이름으로 적힌 호스트는 그 주소를 물어보는 일이 더 있습니다.',
          },
        ]
      : []),
    ...(alerts ? byNetwork(facts) : []),
    {
      kind: 'paragraph',
      text:
        exports.times === 0
          ? '지금까지 기록을 넘겨준 일이 없습니다.'
          : `지금까지 기록을 ${countText(exports.times)}번, 모두 방문 ${countText(exports.visits)}건 넘겨주었습니다. 그때마다 목적, 받는 곳, 법적 근거를 감사 기록에 남겼습니다.`,
    },
    { kind: 'paragraph', text: loginText(facts.login) },
    {
      kind: 'paragraph',
      text: '기기를 만든 쪽은 접근할 수 없습니다. 만든 쪽의 계정, 원격 지원, 사용 보고가 들어 있지 않습니다. 프로그램은 공개 소스이며, 이를 통해 운영자를 대신하여 기록을 처리하는 곳은 없습니다.',
    },
  ];
}

function loginText(login: NoticeFacts['login']): string {
  if (login === null) return '네트워크 로그인(SSH, 포트 22)은 닫혀 있습니다.';
  if (login.keys === 0) return LOGIN_OF_THE_SYSTEM;
  return `운영자는 네트워크로 기기에 로그인할 수 있습니다(SSH, 포트 22). 운영자가 넣어 둔 열쇠 ${countText(login.keys)}개 중 하나를 가진 사람만 되고 암호로는 아무도 되지 않습니다. 로그인한 사람은 기록을 보고, 넘겨주고, 삭제할 수 있으며 설정을 읽을 수 있습니다. 이것을 언제 마지막으로 바꾸었는지는 감사 기록에 있습니다.`;
}

/** The broker inside the gate, and what is told of the gate itself. */
function byNetwork({ storage, listensAt, commands }: NoticeFacts): Block[] {
  return [
    ...(listensAt === null
      ? []
      : [
          {
            kind: 'note' as const,
            text: `기기 안의 브로커가 ${listensAt.host}, 포트 ${listensAt.port}에서 ${listensAt.password ? '암호를 물어' : '암호 없이'} 연결을 받습니다. 통신은 ${listensAt.encrypted ? '암호화됩니다' : '암호화되지 않습니다'}.`,
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
    { kind: 'heading', level: 2, text: '2020년 한 구청의 답변과 다른 점' },
    {
      kind: 'list',
      items: facts.differences.map(({ what, direction }) => {
        const sign = { more: '더 많음: ', less: '더 적음: ', other: '' }[direction];
        return `${sign}${words.difference(what, facts)}`;
      }),
    },
  ];
}

const NOT_AS_CONFIGURED: Readonly<Record<NoticeFacts['storage']['because'], string>> = {
  configured: '',
  'basis-ended': '법적 근거의 효력이 끝났습니다.',
  'basis-not-begun': '법적 근거가 아직 효력이 없습니다.',
  'clock-unset': '시계를 맞춘 적이 없습니다.',
  'reason-missing': '목적이나 법적 근거를 밝히지 않았습니다.',
};

const TOLD_IN_FULL =
  '높음 판정을 아래 브로커의 구독자에게 알립니다. 방문 번호, 시각, 얼굴 표면온도와 그 불확도, 비교 기준, 마스크 여부입니다. 사진과 정상 방문은 보내지 않습니다.';
const TOLD_THE_LEAST =
  '높음 판정을 아래 브로커의 구독자에게 알립니다. 방문 번호와 시각이며 온도는 없습니다. 사진과 정상 방문은 보내지 않습니다.';
const TOLD_COUNTS =
  '5분마다 그날의 방문 수를 판정별, 마스크 여부별로 알립니다. 방문 하나하나는 알리지 않습니다.';
const TOLD_OF_ITSELF =
  '기기가 작동하는지, 기록을 저장할 수 있는지, 부저를 껐는지, 확인하지 않은 알림이 몇 건인지, 기기의 상태가 어떤지도 알립니다.';
const ASKED =
  '브로커가 허용한 사람은 부저를 잠시 끄고, 알림을 보았다고 표시하고, 재측정 결과를 입력하고, 상태를 물을 수 있습니다. 그때마다 감사 기록에 남습니다. 무엇을 얼마나 오래 저장하는지는 네트워크로 바꿀 수 없습니다.';
const LOGIN_OF_THE_SYSTEM =
  '기기는 네트워크 로그인에 응답합니다(SSH, 포트 22). 누가 들어올 수 있는지는 운영자가 운영체제에서 정하며 기기의 프로그램은 알지 못합니다.';
const NOT_ASKED = '네트워크로 기기에 요청할 수 있는 일은 없습니다.';
