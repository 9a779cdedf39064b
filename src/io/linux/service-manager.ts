import type { Log } from '../../ports/log.ts';
import type { ServiceManager } from '../../ports/service-manager.ts';
import { sendDatagram } from './libc.ts';

/** A start that is not told to go on within this time has hung, us. */
const HUNG_AFTER_US = 60_000_000;
const GOES_ON_EVERY_MS = 10_000;

/**
 * systemd, told by sd_notify(3)'s protocol: one datagram for each message, to the socket that NOTIFY_SOCKET names. Where
 * nobody has set that, nobody is told. A message that cannot be sent is logged, once.
 */
export function openServiceManager(
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
): ServiceManager {
  const socket = env['NOTIFY_SOCKET'];
  let failed = false;
  const tell = (message: string): void => {
    if (!socket) return;
    try {
      sendDatagram(socket, Buffer.from(message));
    } catch (error) {
      if (!failed) log.warn({ error: String(error) }, 'the service manager is not told');
      failed = true;
    }
  };
  let starting: NodeJS.Timeout | undefined;
  return {
    starting(status) {
      const goesOn = (): void => tell(`EXTEND_TIMEOUT_USEC=${HUNG_AFTER_US}`);
      tell(`STATUS=${status}`);
      goesOn();
      starting = setInterval(goesOn, GOES_ON_EVERY_MS).unref();
    },
    ready() {
      clearInterval(starting);
      tell('READY=1');
    },
    alive: () => tell('WATCHDOG=1'),
    status: (text) => tell(`STATUS=${text}`),
    stopping() {
      clearInterval(starting);
      tell('STOPPING=1');
    },
  };
}
