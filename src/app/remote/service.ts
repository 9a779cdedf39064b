import type { ServiceProblem, ServiceState } from '../../domain/gate-report.ts';
import type { GateState } from '../../gate/types.ts';

/** Whether visitors are answered, and what keeps them from it. */
export type Service = Readonly<{ service: ServiceState; problem: ServiceProblem | null }>;

/** The same for whatever a visitor does: only warming up and out of service show. */
export function serviceOf({ signal, failed }: Pick<GateState, 'signal' | 'failed'>): Service {
  if (signal === 'warming-up') return { service: 'warming-up', problem: null };
  if (signal !== 'out-of-service') return { service: 'in-service', problem: null };
  if (failed.thermal) return { service: 'out-of-service', problem: 'thermal-sensor' };
  return { service: 'out-of-service', problem: failed.camera ? 'camera' : 'late-picture' };
}
