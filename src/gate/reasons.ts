import type { Signal } from '../domain/signal.ts';

/** Why nobody, or this visitor, gets no verdict now. */
export type Reason =
  | 'sensor-failed'
  | 'warming-up'
  | 'ambient-too-cold'
  | 'ambient-too-warm'
  | 'ambient-changing'
  | 'reference-searching'
  | 'reference-lost'
  | 'reference-dirty'
  | 'too-far'
  | 'too-far-for-lens'
  | 'too-near'
  | 'several-people'
  | 'not-facing'
  | 'cut-by-frame'
  | 'hot-object'
  | 'from-outdoors'
  | 'implausibly-hot';

/** What a reason means, what to do, and how the gate shows it. */
export type ReasonText = Readonly<{ signal: Signal; en: string; ko: string }>;

/** The one table of reasons: no verdict is ever given for any of them. */
export const REASONS: Readonly<Record<Reason, ReasonText>> = {
  'sensor-failed': {
    signal: 'out-of-service',
    en: 'Sensor, camera or vision does not deliver. Run `fevergate doctor`.',
    ko: '센서나 카메라가 응답하지 않습니다. `fevergate doctor`를 실행하세요.',
  },
  'warming-up': {
    signal: 'warming-up',
    en: 'The sensor is not yet as warm as it will be. Wait some minutes.',
    ko: '센서가 아직 안정되지 않았습니다. 몇 분 기다리세요.',
  },
  'ambient-too-cold': {
    signal: 'out-of-service',
    en: 'The room is colder than 16 degC. Heat it, or move the gate inwards.',
    ko: '실내가 16도보다 춥습니다. 난방을 하거나 안쪽으로 옮기세요.',
  },
  'ambient-too-warm': {
    signal: 'out-of-service',
    en: 'The room is warmer than 30 degC. Cool it, or take the gate out of the sun.',
    ko: '실내가 30도보다 덥습니다. 냉방을 하거나 햇볕을 피하세요.',
  },
  'ambient-changing': {
    signal: 'warming-up',
    en: 'The room’s temperature changes fast. Keep doors shut and air streams off the gate, then wait.',
    ko: '실내 온도가 빠르게 변합니다. 문을 닫고 바람을 막은 뒤 기다리세요.',
  },
  'reference-searching': {
    signal: 'warming-up',
    en: 'The warm reference is not in view yet. Switch it on and place it in view of the thermal array.',
    ko: '온도 기준판이 아직 보이지 않습니다. 켜고 화면 안에 두세요.',
  },
  'reference-lost': {
    signal: 'out-of-service',
    en: 'The warm reference is no longer in view. Remove what hides it, and check that it is on.',
    ko: '온도 기준판이 보이지 않습니다. 가린 것을 치우고 전원을 확인하세요.',
  },
  'reference-dirty': {
    signal: 'out-of-service',
    en: 'The warm reference is uneven or reads implausibly. Clean it and check its temperature.',
    ko: '온도 기준판이 고르지 않습니다. 닦고 온도를 확인하세요.',
  },
  'too-far': { signal: 'come-closer', en: 'Come closer.', ko: '가까이 오세요.' },
  'too-far-for-lens': {
    signal: 'come-closer',
    en: 'Come closer: the 110 degree lens sees too few pixels of a face from farther away.',
    ko: '더 가까이 오세요. 110도 렌즈는 멀리서 얼굴을 충분히 보지 못합니다.',
  },
  'too-near': { signal: 'step-back', en: 'Step back.', ko: '뒤로 물러나세요.' },
  'several-people': { signal: 'one-at-a-time', en: 'One at a time.', ko: '한 분씩 오세요.' },
  'not-facing': { signal: 'look-here', en: 'Look at the gate.', ko: '여기를 보세요.' },
  'cut-by-frame': {
    signal: 'move-to-middle',
    en: 'Stand in front of the gate’s middle: the face is cut by the picture’s edge.',
    ko: '가운데에 서 주세요. 얼굴이 화면 끝에 걸립니다.',
  },
  'hot-object': {
    signal: 'move-to-middle',
    en: 'Sun, a lamp, a heater or a hot cup hides the face. Take it away, or shade the gate.',
    ko: '햇빛, 조명, 난로 또는 뜨거운 컵이 얼굴을 가립니다. 치우거나 가려 주세요.',
  },
  'from-outdoors': {
    signal: 'wait-indoors',
    en: 'The face is colder than 33 degC, as when coming in from the cold. Wait five minutes indoors, then try again.',
    ko: '얼굴이 33도보다 차갑습니다. 실내에서 5분 기다린 뒤 다시 하세요.',
  },
  'implausibly-hot': {
    signal: 'check-equipment',
    en: 'The face reads above 42.5 degC, which nobody has. Check the equipment, then try again.',
    ko: '42.5도보다 높게 읽혔습니다. 장비를 점검한 뒤 다시 하세요.',
  },
};
