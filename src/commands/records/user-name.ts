import os from 'node:os';

/** Who runs this command; its number where the user has no name, as in some containers. */
export function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
