/**
 * Why a device of this machine can not be used, by kind; stable, for logs and tests.
 * - `device-missing` there is no such device
 * - `no-permission` it is there, this user may not open it
 * - `line-busy` another program drives the line
 * - `device-unfit` it can not do what is asked
 * - `driver-missing` an optional package or tool is not installed
 */
export type DeviceErrorCode =
  | 'device-missing'
  | 'no-permission'
  | 'line-busy'
  | 'device-unfit'
  | 'driver-missing';

/** A device of this machine can not be used; the message says what to do. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly code: DeviceErrorCode;
  constructor(code: DeviceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error code of a failed system call or file operation, as in `ENOENT`; null for anything else. */
export function systemCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** What opening a device file failed with, told so that it can be mended. */
export function openingError(error: unknown, device: string, group: string, remedy: string): unknown {
  switch (systemCodeOf(error)) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return new DeviceError('device-missing', `${device} is not there: ${remedy}`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new DeviceError(
        'no-permission',
        `${device} may not be opened by this user: sudo usermod -aG ${group} $USER, then log in again`,
        { cause: error },
      );
    default:
      return error;
  }
}
