import { gateParamsOf } from '../app/gate-params.ts';
import type { GateObserver } from '../app/screening-gate.ts';
import { loadConfig } from '../config/load.ts';
import type { Signal } from '../domain/signal.ts';
import { blankCamera } from '../simulation/blank-camera.ts';
import { generateEeprom } from '../simulation/sensor/generate-eeprom.ts';
import { loadThermalRecording } from '../simulation/thermal-recording.ts';
import { CommandError } from './command-error.ts';
import { liveObserver } from './live-observer.ts';
import { runSimulatedGate } from './simulated-gate.ts';
import { observersTogether } from './simulation-observer.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const SEED = 1;

/**
 * Shows a thermal-only recording to the virtual sensor and runs the whole gate on it. There is no camera picture, so
 * there is no face and no temperature: only presence and prompts, which are printed as they change.
 */
export async function replayThermalRecording(file: string): Promise<void> {
  const config = await loadConfig(null);
  const recording = await loadThermalRecording(file, config.thermal.lens).catch((error: unknown) => {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  });
  let shown: Signal | null = null;
  const counts = { thermograms: 0, visits: 0 };
  const printer: GateObserver = {
    onInput: (input) => {
      if (input.kind === 'subpage') counts.thermograms++;
    },
    onState: (state) => {
      if (state.signal === shown) return;
      shown = state.signal;
      process.stdout.write(`${JSON.stringify({ atMs: Math.round(state.nowMs), signal: shown })}\n`);
    },
    onVisit: () => {
      counts.visits++;
    },
  };
  let closeView = (): void => undefined;
  try {
    await runSimulatedGate({
      config,
      world: {
        thermal: recording,
        openCamera: (clock) => blankCamera(clock, config.camera, config.camera.frameRateHz),
        endMs: () => recording.durationMs,
      },
      eeprom: generateEeprom({ lens: config.thermal.lens, seed: SEED }),
      seed: SEED,
      pace: process.stderr.isTTY ? 'real' : 'max',
      recordsFolder: null,
      upkeep: null,
      observe: ({ lines }) => {
        if (!process.stderr.isTTY) return printer;
        const view = liveObserver(process.stderr, {
          lines,
          locate: gateParamsOf(config).locate,
          visits: () => [],
        });
        closeView = () => view.close();
        return observersTogether([printer, view]);
      },
      onBroker: () => undefined,
      abort: stopOnSignals(),
    });
  } finally {
    closeView();
  }
  process.stderr.write(
    `${counts.thermograms} subpages, ${counts.visits} visits: no camera, no face, no temperature\n`,
  );
}
