import path from 'node:path';
import { type Running, runUnder, until } from '../../support/emulated-hardware.ts';
import type { EmulatedHardware } from '../emulator/emulated-hardware.ts';
import type { Actions, Asked, Told } from './devices.ts';

const SCRIPT = path.join(import.meta.dirname, 'devices.ts');

/** The probe's program failed with this error. */
class ProbeError extends Error {
  override readonly name: string;
  readonly code: string | null;
  constructor(error: Readonly<{ name: string; code: string | null; message: string }>) {
    super(error.message);
    this.name = error.name;
    this.code = error.code;
  }
}

/** A process that holds the gate's device code and does what it is asked, one thing after the other. */
export type DeviceProbe = Readonly<{
  running: Running;
  /** Rejects with {@link ProbeError}. */
  ask<K extends keyof Actions>(
    action: K,
    ...args: Parameters<Actions[K]>
  ): Promise<Awaited<ReturnType<Actions[K]>>>;
  /** Ends it with nothing given back, as a crash does, and waits until it is gone. */
  crash(): Promise<void>;
}>;

export async function startProbe(
  hardware: Pick<EmulatedHardware, 'env'>,
  env: Readonly<Record<string, string>> = {},
): Promise<DeviceProbe> {
  const running = runUnder(hardware, ['--import', 'tsx', SCRIPT], env);
  let gone = false;
  void running.ended.then(() => {
    gone = true;
  });
  let answers = 0;
  const lines = (): readonly string[] => running.output().stdout.split('\n').slice(0, -1);
  const answer = async (): Promise<string> => {
    const index = answers++;
    await until(() => gone || lines().length > index, 'the probe answers');
    const line = lines()[index];
    if (line === undefined) throw new Error(`the probe has ended: ${running.output().stderr}`);
    return line;
  };
  await answer();
  return {
    running,
    async ask(action, ...args) {
      const asked = { action, args } as unknown as Asked;
      running.write(`${JSON.stringify(asked)}\n`);
      const told = JSON.parse(await answer()) as Told;
      if ('error' in told) throw new ProbeError(told.error);
      return told.result as never;
    },
    async crash() {
      running.kill('SIGKILL');
      await running.ended;
    },
  };
}
