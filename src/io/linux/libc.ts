import os from 'node:os';
import koffi from 'koffi';

/** A failed system call. */
class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  /** Name of the error number, as in `EREMOTEIO`. */
  readonly code: string;
  constructor(call: string, code: string) {
    super(`${call}: ${code}`);
    this.code = code;
  }
}

/** The running program's own symbols: a library named by file would bypass whatever is preloaded. */
const libc = koffi.load(null);
const ioctlOf = libc.func('int ioctl(int fd, unsigned long request, void *argument)');
const adjtimexOf = libc.func('int adjtimex(void *timex)');
const socketOf = libc.func('int socket(int domain, int type, int protocol)');
const sendToOf = libc.func(
  'intptr_t sendto(int fd, const void *data, size_t bytes, int flags, const void *address, uint32_t addressBytes)',
);
const closeOf = libc.func('int close(int fd)');

const I2cMessage = koffi.struct('i2c_msg', {
  addr: 'uint16_t',
  flags: 'uint16_t',
  len: 'uint16_t',
  buf: 'void *',
});
koffi.struct('i2c_rdwr_ioctl_data', { msgs: koffi.pointer(I2cMessage), nmsgs: 'uint32_t' });
const i2cReadWriteOf = libc.func(
  'int ioctl(int fd, unsigned long request, const i2c_rdwr_ioctl_data *transaction)',
);

/** One message of a combined I2C transaction (struct i2c_msg, linux/i2c.h). */
export type I2cMessage = Readonly<{ addr: number; flags: number; len: number; buf: Uint8Array }>;

/**
 * ioctl with a buffer that the kernel reads and fills.
 * @throws SystemCallError
 */
export function ioctl(fd: number, request: number, argument: Uint8Array, call: string): number {
  const result = ioctlOf(fd, request, argument) as number;
  if (result < 0) throw new SystemCallError(call, errorName(koffi.errno()));
  return result;
}

const I2C_RDWR = 0x0707;

/**
 * One I2C transaction of several messages with repeated START between them, on a thread of its own.
 * Rejects with {@link SystemCallError}.
 */
export function i2cReadWrite(fd: number, messages: readonly I2cMessage[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = { msgs: messages, nmsgs: messages.length };
    i2cReadWriteOf.async(fd, I2C_RDWR, transaction, (failure: unknown, result: number) => {
      // The messages' buffers stay referenced here until the kernel is done with them.
      if (failure) reject(failure as Error);
      else if (result === messages.length) resolve();
      else reject(new SystemCallError('ioctl(I2C_RDWR)', result < 0 ? errorName(koffi.errno()) : 'EIO'));
    });
  });
}

/** Bytes of struct timex on 64-bit Linux, and where its `status` is. */
const TIMEX_BYTES = 208;
const TIMEX_STATUS = 40;
const STA_UNSYNC = 0x0040;

/** Whether the kernel's clock is kept by a time source (adjtimex(2)); null where the kernel does not tell. */
export function isClockSynchronised(): boolean | null {
  const timex = Buffer.alloc(TIMEX_BYTES);
  const state = adjtimexOf(timex) as number;
  return state < 0 ? null : (timex.readInt32LE(TIMEX_STATUS) & STA_UNSYNC) === 0;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
/** Bytes of sun_path (unix(7)). */
const UNIX_PATH_BYTES = 108;

/**
 * Sends one datagram to a unix socket; Node's own sockets are streams only.
 * @param path of the socket; one that begins with `@` is in the abstract namespace
 * @throws SystemCallError
 */
export function sendDatagram(path: string, data: Uint8Array): void {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : path);
  if (name.length > UNIX_PATH_BYTES) throw new SystemCallError('sendto', 'ENAMETOOLONG');
  const address = Buffer.concat([Buffer.alloc(2), name]);
  address[os.endianness() === 'LE' ? 0 : 1] = AF_UNIX;
  const fd = socketOf(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
  if (fd < 0) throw new SystemCallError('socket', errorName(koffi.errno()));
  try {
    const sent = Number(sendToOf(fd, data, data.length, MSG_NOSIGNAL, address, address.length));
    if (sent < 0) throw new SystemCallError('sendto', errorName(koffi.errno()));
  } finally {
    closeOf(fd);
  }
}

/** Names several error numbers share on Linux: the one that manual pages use. */
const PREFERRED = new Set(['EAGAIN', 'EOPNOTSUPP', 'EDEADLK']);

function errorName(errno: number): string {
  const names = Object.entries(koffi.os.errno).filter(([, number]) => number === errno);
  const [first] = names.find(([name]) => PREFERRED.has(name)) ?? names[0] ?? [`errno ${errno}`];
  return first;
}
