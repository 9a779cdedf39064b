import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ServiceManager } from '../ports/service-manager.ts';
import type { GateObserver } from './screening-gate.ts';
import { type Service, serviceOf } from './service.ts';

export type ServiceObserverParts = Readonly<{
  manager: ServiceManager;
  camera: Pick<Camera, 'capture'>;
  clock: Clock;
  log: Log;
}>;

/** The manager is told at most so often that the gate is alive, ms. */
const ALIVE_EVERY_MS = 1000;
const CAMERA_RETRY_MS = 2000;

/**
 * Tells the service manager of a gate: ready once the thermal array and the camera have both delivered, alive only while
 * new thermograms come and neither has failed. A gate that goes on without measuring is therefore restarted.
 */
export function serviceObserver(parts: ServiceObserverParts, signal: AbortSignal): GateObserver {
  const { manager, clock } = parts;
  let cameraDelivers = false;
  let ready = false;
  let aliveMs = Number.NEGATIVE_INFINITY;
  let thermogramMs = Number.NEGATIVE_INFINITY;
  let told = '';
  const say = (text: string): void => {
    const status = clock.wallTime().trusted ? text : `${text}; no trusted time yet`;
    if (status !== told) manager.status(status);
    told = status;
  };
  return {
    onStart() {
      say('waiting for the camera');
      void firstFrame(parts, signal).then((came) => {
        cameraDelivers = came;
      });
    },
    onState(state) {
      const { thermogram, failed, nowMs } = state;
      const service = serviceOf(state);
      if (thermogram === null || thermogram.atMs <= thermogramMs || failed.thermal || failed.camera) {
        if (ready && service.service === 'out-of-service') say(statusOf(service));
        return;
      }
      if (!cameraDelivers || nowMs - aliveMs < ALIVE_EVERY_MS) return;
      thermogramMs = thermogram.atMs;
      aliveMs = nowMs;
      if (!ready) manager.ready();
      ready = true;
      manager.alive();
      say(statusOf(service));
    },
  };
}

function statusOf({ service, problem }: Service): string {
  const text = service.replaceAll('-', ' ');
  return problem === null ? text : `${text}: ${problem.replaceAll('-', ' ')}`;
}

/** Until somebody comes nobody looks at the camera; that it works has to be known before. False: the gate has ended. */
async function firstFrame(
  { camera, clock, log }: ServiceObserverParts,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await camera.capture(signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      log.error({ error: String(error) }, 'the camera gives no picture, trying again');
      await clock.sleep(CAMERA_RETRY_MS, signal).catch(() => undefined);
    }
  }
  return false;
}
