/** Error numbers of Linux that the emulated drivers answer with. */
const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  EACCES: 13,
  EBUSY: 16,
  ENODEV: 19,
  EINVAL: 22,
  EOPNOTSUPP: 95,
  ESHUTDOWN: 108,
  ETIMEDOUT: 110,
  EREMOTEIO: 121,
} as const;

export type ErrnoName = keyof typeof ERRNO;

/** What the emulated kernel refuses a system call with. */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly code: ErrnoName;
  constructor(code: ErrnoName) {
    super(code);
    this.code = code;
  }
  /** As a system call returns it. */
  get result(): number {
    return -ERRNO[this.code];
  }
}
