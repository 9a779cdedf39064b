import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const IP = 'ip';
const TCPDUMP = 'tcpdump';
const TOOLS = [IP, 'ss', TCPDUMP, 'strace', 'mosquitto', 'mosquitto_sub'] as const;
const PATHS = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** Why network namespaces cannot be made here; null when they can. In CI they must. */
export function lackOfNamespaces(): string | null {
  const lack = reason();
  if (lack !== null && process.env['CI']) throw new Error(lack);
  return lack;
}

function reason(): string | null {
  if (process.getuid?.() !== 0) return 'skipped: network namespaces need root';
  const missing = TOOLS.filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`], { env: PATHS }).status !== 0,
  );
  if (missing.length > 0) return `skipped: not installed: ${missing.join(', ')}`;
  const probe = spawnSync(IP, ['netns', 'add', `fevergate-probe-${process.pid}`], { env: PATHS });
  if (probe.status !== 0) return `skipped: no network namespace here: ${String(probe.stderr).trim()}`;
  ip('netns', 'del', `fevergate-probe-${process.pid}`);
  return null;
}

/** A gate's network namespace, joined by one cable to another: its whole world, to which every packet goes. */
export type TwoNamespaces = Readonly<{
  gate: string;
  world: string;
  gateAddress: string;
  /** Of the world: gateway and name server of the gate. */
  worldAddress: string;
  /** The cable's end in the world. */
  cable: string;
  /** What the gate's sockets listen at now, a line each. */
  listening: () => readonly string[];
  /** What a capture shows, a line a packet. */
  packetsIn: (capture: string) => readonly string[];
  /** Starts a program in one of them. */
  start: (where: 'gate' | 'world', program: string, args: readonly string[], env?: object) => ChildProcess;
  close: () => void;
}>;

export function openTwoNamespaces(): TwoNamespaces {
  const id = process.pid;
  const [gate, world, cable, plug] = [`fg-gate-${id}`, `fg-world-${id}`, `fgw${id}`, `fgg${id}`];
  const [worldAddress, gateAddress] = ['10.231.77.1', '10.231.77.2'];
  ip('netns', 'add', gate);
  ip('netns', 'add', world);
  ip('link', 'add', cable, 'netns', world, 'type', 'veth', 'peer', 'name', plug, 'netns', gate);
  for (const [name, end, address] of [
    [world, cable, worldAddress],
    [gate, plug, gateAddress],
  ] as const) {
    ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', end);
    ip('-n', name, 'link', 'set', end, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  // Whatever the gate wants to reach goes to the cable, and is seen there.
  ip('-n', gate, 'route', 'add', 'default', 'via', worldAddress);
  mkdirSync(`/etc/netns/${gate}`, { recursive: true });
  writeFileSync(`/etc/netns/${gate}/resolv.conf`, `nameserver ${worldAddress}\n`);
  return {
    gate,
    world,
    gateAddress,
    worldAddress,
    cable,
    listening: () => linesOf(IP, ['netns', 'exec', gate, 'ss', '-Hlntu']),
    packetsIn: (capture) => linesOf(TCPDUMP, ['-nn', '-q', '-t', '-r', capture]),
    start: (where, program, args, env = {}) =>
      spawn(IP, ['netns', 'exec', where === 'gate' ? gate : world, program, ...args], {
        env: { ...PATHS, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    close() {
      ip('netns', 'del', gate);
      ip('netns', 'del', world);
      rmSync(`/etc/netns/${gate}`, { recursive: true, force: true });
    },
  };
}

/** Everything a program prints until it ends, and how it ended. */
export async function ended(
  child: ChildProcess,
): Promise<Readonly<{ code: number | null; stdout: string; stderr: string }>> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('latin1');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('latin1');
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

function ip(...args: string[]): void {
  execFileSync(IP, args, { env: PATHS, stdio: ['ignore', 'ignore', 'pipe'] });
}

function linesOf(program: string, args: readonly string[]): readonly string[] {
  const printed = execFileSync(program, args, {
    env: PATHS,
    encoding: 'utf8',
    maxBuffer: 64e6,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return printed.split('\n').filter((line) => line !== '');
}
