import { spawn } from 'node:child_process';

/**
 * Runs a script several times at once, each in a process of its own.
 * Rejects when one of them fails.
 */
export async function runTogether(processes: number, script: string, args: readonly string[]): Promise<void> {
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`${script} ended with ${code}`)),
      );
    });
  await Promise.all(Array.from({ length: processes }, one));
}
