import type { ServiceProblem, ServiceState } from '../domain/gate-report.ts';
import type { GateState } from '../gate/types.ts';

/** Whether visitors are answered, and what keeps them from it. */
export type Service = Readonly<{ service: ServiceState; problem: ServiceProblem | null }>;

const IN_SERVICE: Service = { service: 'in-service', problem: null };
const WARMING_UP: Service = { service: 'warming-up', problem: null };
const outOfService = (problem: ServiceProblem): Service => ({ service: 'out-of-service', problem });

/** The same for whatever a visitor does: only what keeps everybody from being measured shows. */
export function serviceOf({ condition, failed }: Pick<GateState, 'condition' | 'failed'>): Service {
  switch (condition) {
    case 'sensor-failed':
      if (failed.thermal) return outOfService('thermal-sensor');
      return outOfService(failed.camera ? 'camera' : 'late-picture');
    case 'ambient-too-cold':
    case 'ambient-too-warm':
    case 'reference-lost':
    case 'reference-dirty':
      return outOfService(condition);
    case 'warming-up':
    case 'ambient-changing':
    case 'reference-searching':
      return WARMING_UP;
    default:
      return IN_SERVICE;
  }
}
