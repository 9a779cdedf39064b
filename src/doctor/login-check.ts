import { type Login, SSH_PORT } from '../io/linux/login.ts';
import { type Finding, ok, warning } from './finding.ts';

/** Whether people can log in to the machine by network. Open is what the operator wants, or closes. */
export function checkLogin({ listens, keys }: Login): Finding {
  const check = 'login';
  const held = `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`;
  if (!listens && keys.length === 0) return ok(check, `closed: nothing answers at port ${SSH_PORT}`);
  if (!listens) {
    return warning(
      check,
      `${held} may log in, but nothing answers at port ${SSH_PORT}`,
      'journalctl -u fevergate-ssh says why',
    );
  }
  return ok(
    check,
    keys.length === 0
      ? `OPEN at port ${SSH_PORT}, by settings of the operating system`
      : `OPEN at port ${SSH_PORT}, to ${held} and no password`,
  );
}
