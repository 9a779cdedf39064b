/** One system call of a trace by `strace -f -y`. */
export type SystemCall = Readonly<{ name: string; args: string; result: number }>;

/** The finished calls of a trace; those interrupted by another thread's are put together again. */
export function systemCalls(trace: string): readonly SystemCall[] {
  const begun = new Map<string, string>();
  const calls: SystemCall[] = [];
  for (const line of trace.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    if (unfinished?.[1] !== undefined) {
      begun.set(pid, unfinished[1]);
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const whole = resumed?.[1] === undefined ? rest : `${begun.get(pid) ?? ''}${resumed[1]}`;
    const [, name, args = '', result] = /^(\w+)\((.*)\)\s+= (-?\d+|\?)/.exec(whole) ?? [];
    if (name !== undefined) calls.push({ name, args, result: Number(result) });
  }
  return calls;
}

/** Files opened so that they can be written, by the call's own words. */
export function openedForWriting(calls: readonly SystemCall[]): readonly string[] {
  return calls.flatMap(({ name, args, result }) => {
    if (!/^(open|openat|openat2|creat)$/.test(name) || result < 0) return [];
    if (name !== 'creat' && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(args)) return [];
    return [/"((?:[^"\\]|\\.)*)"/.exec(args)?.[1] ?? args];
  });
}

/** Bytes written to files of the disk, by file. */
export function bytesWritten(calls: readonly SystemCall[]): ReadonlyMap<string, readonly number[]> {
  const written = new Map<string, number[]>();
  for (const { name, args, result } of calls) {
    if (
      !/^(write|pwrite64|writev|pwritev|pwritev2|sendfile|copy_file_range|splice)$/.test(name) ||
      result <= 0
    )
      continue;
    const file = /^\d+<(\/[^>]*)>/.exec(args)?.[1];
    if (file === undefined || file.startsWith('/dev/')) continue;
    written.set(file, [...(written.get(file) ?? []), result]);
  }
  return written;
}

/** Addresses that were connected or sent to, as `host port`; and those listened at. */
export function internetAddresses(calls: readonly SystemCall[], names: RegExp): readonly string[] {
  return calls.flatMap(({ name, args }) => {
    if (!names.test(name)) return [];
    const port = /sin6?_port=htons\((\d+)\)/.exec(args)?.[1];
    const host = /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/.exec(args);
    return port === undefined || host === null ? [] : [`${host[1] ?? host[2] ?? ''} ${port}`];
  });
}
