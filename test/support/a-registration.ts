import type { KeptRegistration } from '../../src/records/kept-registration.ts';

/** A kept calibration of the mount. */
export function aRegistration(): KeptRegistration {
  const configured = { rightMm: 20, downMm: 0, forwardMm: 0, yawDeg: 0, pitchDeg: 0, rollDeg: 0 };
  return {
    version: 1,
    keptAt: '2026-01-05T09:00:00+09:00',
    simulatedSeed: null,
    optics: {
      lens: 'BAB',
      mirrored: true,
      cameraWidth: 640,
      cameraHeight: 480,
      cameraFovDeg: 62.2,
      cameraRotationDeg: 0,
    },
    configured,
    mount: { ...configured, rightMm: 24, yawDeg: 1.5 },
    residual: { rmsPx: 0.3, p95Px: 0.6, beforeRmsPx: 1.4, expectedErrorPx: 0.1 },
    span: { pairs: 60, nearestM: 0.4, farthestM: 1.1, leftShare: 0.4, rightShare: 0.4 },
  };
}
