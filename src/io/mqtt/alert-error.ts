/** Why `publish` rejected. The alert is not lost, unless it was `closed` without an outbox. */
type AlertErrorCode = 'unacknowledged' | 'closed';

export class AlertError extends Error {
  override readonly name = 'AlertError';
  readonly code: AlertErrorCode;
  constructor(code: AlertErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
