import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import koffi from 'koffi';

const libc = koffi.load(null);
const socketOf = libc.func('int socket(int domain, int type, int protocol)');
const bindOf = libc.func('int bind(int fd, const void *address, uint32_t bytes)');
const receiveOf = libc.func('intptr_t recv(int fd, _Out_ void *buffer, size_t bytes, int flags)');
const closeOf = libc.func('int close(int fd)');

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

/** A socket as a service manager listens at. */
export type NotifySocket = Readonly<{
  /** For NOTIFY_SOCKET. */
  path: string;
  /** Every message so far, in order. */
  messages(): readonly string[];
  close(): void;
}>;

export function openNotifySocket(): NotifySocket {
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-notify-'));
  const file = path.join(folder, 'notify');
  const fd = socketOf(AF_UNIX, SOCK_DGRAM, 0) as number;
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), Buffer.from(`${file}\0`)]);
  if ((bindOf(fd, address, address.length) as number) !== 0) throw new Error(`cannot bind ${file}`);
  const received: string[] = [];
  return {
    path: file,
    messages() {
      const buffer = Buffer.alloc(4096);
      for (;;) {
        const bytes = Number(receiveOf(fd, buffer, buffer.length, MSG_DONTWAIT));
        if (bytes <= 0) return received;
        received.push(buffer.toString('utf8', 0, bytes));
      }
    },
    close() {
      closeOf(fd);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
