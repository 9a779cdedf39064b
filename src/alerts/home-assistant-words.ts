/** Names of the entities, as Home Assistant shows them. */
export type EntityWords = Readonly<{
  model: string;
  elevatedVisit: string;
  lastTemperature: string;
  visitsToday: string;
  elevatedToday: string;
  recheckToday: string;
  withoutMaskToday: string;
  maskRate: string;
  state: string;
  outOfService: string;
  recordsProblem: string;
  openAlerts: string;
  sensorTemperature: string;
  roomTemperature: string;
  cpuTemperature: string;
  diskFree: string;
  uptime: string;
  alertsWaiting: string;
  storageProfile: string;
  acknowledge: string;
  mute: string;
}>;

export const ENTITY_WORDS: Readonly<Record<'en' | 'ko', EntityWords>> = {
  en: {
    model: 'fever-screening gate, not a medical device',
    elevatedVisit: 'Elevated visit',
    lastTemperature: 'Last elevated face surface temperature',
    visitsToday: 'Visits today',
    elevatedToday: 'Elevated today',
    recheckToday: 'Rechecks today',
    withoutMaskToday: 'Without mask today',
    maskRate: 'Mask rate today',
    state: 'State',
    outOfService: 'Out of service',
    recordsProblem: 'Records problem',
    openAlerts: 'Open alerts',
    sensorTemperature: 'Sensor temperature',
    roomTemperature: 'Room temperature',
    cpuTemperature: 'Processor temperature',
    diskFree: 'Free disk',
    uptime: 'Running for',
    alertsWaiting: 'Alerts waiting',
    storageProfile: 'Storage profile',
    acknowledge: 'Acknowledge alerts',
    mute: 'Mute buzzer',
  },
  ko: {
    model: '발열 확인 게이트 (의료기기 아님)',
    elevatedVisit: '높음 판정',
    lastTemperature: '마지막 높음 판정의 얼굴 표면온도',
    visitsToday: '오늘 방문',
    elevatedToday: '오늘 높음 판정',
    recheckToday: '오늘 재확인',
    withoutMaskToday: '오늘 마스크 미착용',
    maskRate: '오늘 마스크 착용률',
    state: '상태',
    outOfService: '사용 불가',
    recordsProblem: '기록 문제',
    openAlerts: '확인하지 않은 알림',
    sensorTemperature: '센서 온도',
    roomTemperature: '실내 온도',
    cpuTemperature: '프로세서 온도',
    diskFree: '남은 저장 공간',
    uptime: '가동 시간',
    alertsWaiting: '대기 중인 알림',
    storageProfile: '저장 단계',
    acknowledge: '알림 확인',
    mute: '부저 끄기',
  },
};
