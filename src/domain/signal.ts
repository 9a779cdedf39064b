/** What the gate shows the visitor by light and sound. */
export type Signal =
  | 'idle'
  | 'look-here'
  | 'come-closer'
  | 'step-back'
  /** Left and right are the visitor's own; asked for while the gate is calibrated. */
  | 'step-left'
  | 'step-right'
  | 'one-at-a-time'
  | 'move-to-middle'
  | 'hold-still'
  | 'measuring'
  | 'second-look'
  | 'normal'
  | 'recheck'
  | 'elevated'
  | 'wait-indoors'
  | 'check-equipment'
  | 'warming-up'
  | 'out-of-service';
