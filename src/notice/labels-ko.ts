import type { NoticeFacts } from './facts.ts';
import { countText, type Labels } from './labels.ts';
import { quoted } from './quoted.ts';

const MISSING = '운영자가 밝히지 않음';

export const KOREAN: Labels = {
  missing: MISSING,
  item: {
    count: '판정별 방문 수',
    number: '방문 번호',
    time: '날짜와 시각',
    class: '판정 (정상, 재확인, 높음)',
    mask: '마스크 착용, 미착용, 불확실',
    temperature: '얼굴 표면온도',
    uncertainty: '그 온도의 불확도',
    comparison: '비교 기준 (최근 방문자, 한계)',
    sensor: '열화상 센서의 일련번호',
    check: '의료용 체온계로 확인한 결과',
    alert: '그 알림의 번호',
    photo: '봉인된 작은 얼굴 사진 한 장',
  },
  why: {
    count: '몇 명이 지나고 얼마나 자주 확인을 요청하는지 알기 위해',
    number: '방문자가 이름을 밝히지 않고 자기 기록 하나를 가리킬 수 있도록',
    time: '높음 판정이 언제였는지 알리고 제때 삭제하기 위해',
    class: '판정 결과',
    mask: '판정 결과',
    temperature: '판정과 기기를 다시 살펴보기 위해',
    uncertainty: '판정이 얼마나 확실했는지 살펴보기 위해',
    comparison: '판정을 다시 살펴보기 위해',
    sensor: '어느 센서의 결과인지 알기 위해',
    check: '기기의 판정만 남지 않도록',
    alert: '알림이 빠지거나 다른 번호로 나가지 않도록',
    photo: '운영자가 기록의 목적으로 밝힌 것을 위해',
  },
  of: {
    all: '모든 방문',
    'elevated-and-recheck': '높음과 재확인 방문만',
    elevated: '높음 방문만',
    checked: '안내원이 확인한 방문',
    masked: '마스크를 쓴 방문만',
    'all-unmasked-pixelated': '마스크를 쓴 방문. 쓰지 않은 방문은 얼굴을 알아볼 수 없게 처리한 뒤',
  },
  basisKind: {
    none: '없음',
    consent: '사전 동의',
    law: '법률',
    'public-health': '공중위생상 긴급한 필요',
  },
  basisState: {
    none: '밝힌 근거가 없습니다',
    'not-yet': '아직 효력이 없습니다',
    'in-force': '효력이 있습니다',
    ended: '효력이 끝났습니다',
  },
  setting: {
    'operator.name': '운영 주체',
    'operator.officer': '기록 책임자',
    'operator.contact': '연락처',
    'operator.place': '설치 장소',
    'operator.noticeUrl': '이 안내문을 게시한 주소',
    'records.purpose': '기록의 목적',
    'records.legalBasis': '기록의 법적 근거',
  },
  difference: (what, facts) => DIFFERENCES[what](facts),
  connection: (connection) =>
    connection.role === 'broker'
      ? `${connection.host}, 포트 ${connection.port}: 알림을 받는 MQTT 브로커 (${connection.isThisMachine ? '이 기기 자신' : connection.encrypted ? '암호화됨' : '암호화되지 않음'})`
      : `${connection.host}: 시각 서버. 기기의 시계 서비스가 물어봄 (${connection.file})`,
};

const DIFFERENCES: Readonly<Record<Parameters<Labels['difference']>[0], (facts: NoticeFacts) => string>> = {
  'no-photo': () =>
    '구청 답변: 마스크를 쓴 방문자의 사진을 저장함. 이 기기: 누구의 사진도 저장하지 않습니다.',
  'photo-without-mask': () =>
    '구청 답변: 마스크를 쓴 사진. 이 기기: 마스크를 쓰지 않은 방문자도 얼굴을 알아볼 수 없게 처리한 사진을 저장합니다.',
  'nothing-kept': () => '구청 답변: 방문을 기록함. 이 기기: 아무것도 저장하지 않습니다.',
  'counts-only': () => '구청 답변: 방문마다 기록함. 이 기기: 방문 수만 저장합니다.',
  'more-items': () => '구청 답변: 방문 날짜와 시각. 이 기기: 방문 번호, 판정, 마스크 착용 여부도 저장합니다.',
  'recheck-temperature': () =>
    '구청 답변: 이상이 있는 방문만 온도를 기록함. 이 기기: 다시 확인을 요청한 방문(재확인)도 온도와 비교 기준, 센서, 확인 결과를 저장합니다.',
  'lower-cap': ({ storage }) =>
    `구청 답변: 25,000건까지 저장함. 이 기기: 최대 ${countText(storage.capVisits)}건입니다.`,
  'age-limit': ({ storage }) =>
    `구청 답변: 건수로만 순서대로 삭제함. 이 기기: 기간으로도 삭제하며, 늦어도 ${storage.maximumAgeDays}일 뒤에 삭제합니다.`,
  'other-basis': ({ storage }) =>
    `구청 답변: 개인정보 보호법 제58조 제1항 제3호. 이 조항은 2023년에 삭제되었습니다. 이 기기: ${KOREAN.basisKind[storage.basis.kind]}, 운영자가 밝힌 근거는 ${storage.basis.text === null ? MISSING : quoted(storage.basis.text)}.`,
  'no-basis': () =>
    '구청 답변: 개인정보 보호법 제58조 제1항 제3호. 이 조항은 2023년에 삭제되었습니다. 이 기기: 밝힌 근거가 없습니다.',
  'other-purpose': ({ storage }) =>
    `구청 답변: 코로나19 예방 외의 목적 없음. 이 기기: 운영자가 밝힌 목적은 ${storage.purpose === null ? MISSING : quoted(storage.purpose)}.`,
  'alerts-leave': ({ connections }) =>
    `구청 답변: 공유하지 않음. 이 기기: 높음 판정을 ${connections.flatMap((one) => (one.role === 'broker' ? [`${one.host}, 포트 ${one.port}`] : [])).join(', ')}에 사진 없이 알립니다.`,
  'alerts-stay': () =>
    '구청 답변: 공유하지 않음. 이 기기: 높음 판정을 이 기기 안의 브로커에 알립니다. 누가 읽는지는 그 운영자가 정합니다.',
  'handed-over': ({ exports }) =>
    `구청 답변: 제공할 계획 없음. 이 기기: 지금까지 기록을 ${countText(exports.times)}번 넘겨주었습니다 (방문 ${countText(exports.visits)}건).`,
  'open-broker': ({ listensAt }) =>
    `구청 답변: 다른 접근 없음. 이 기기: 암호를 아는 사람은 네트워크에서 알림을 읽을 수 있습니다: ${listensAt === null ? '' : `${listensAt.host}, 포트 ${listensAt.port}`}.`,
  commands: () =>
    '구청 답변: 다른 접근 없음. 이 기기: 브로커가 허용한 사람은 부저를 끄고, 알림을 확인하고, 재측정 결과를 입력할 수 있습니다.',
  login: () => '구청 답변: 다른 접근 없음. 이 기기: 운영자가 네트워크로 기기에 로그인할 수 있습니다.',
};
