/** Aborts on the first Ctrl-C or SIGTERM, so that a gate ends with its outputs off and its records closed. */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
