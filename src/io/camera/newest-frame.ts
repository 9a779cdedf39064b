import type { CameraFrame } from '../../domain/camera-frame.ts';

type Waiter = Readonly<{ resolve: (frame: CameraFrame) => void; reject: (reason: unknown) => void }>;

/** A place for one frame: a newer one takes the place of one nobody asked for. */
export class NewestFrame {
  #frame: CameraFrame | null = null;
  readonly #waiters = new Set<Waiter>();

  /** Whether somebody waits for a frame. */
  get wanted(): boolean {
    return this.#waiters.size > 0;
  }

  /** Hands the frame to who waits longest, or keeps it; returns the frame it replaced, which nobody has seen. */
  put(frame: CameraFrame): CameraFrame | null {
    const [first] = this.#waiters;
    const unseen = this.#frame;
    this.#frame = first === undefined ? frame : null;
    first?.resolve(frame);
    return unseen;
  }

  /** The frame, or the next one. Rejects with the signal's reason, or with what is given to `fail`. */
  take(signal?: AbortSignal): Promise<CameraFrame> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const frame = this.#frame;
      this.#frame = null;
      if (frame !== null) {
        resolve(frame);
        return;
      }
      const leave = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        resolve: (newest) => {
          leave();
          resolve(newest);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      const abort = (): void => waiter.reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Wipes and forgets the frame and rejects everybody who waits. */
  fail(error: Error): void {
    this.#frame?.data.fill(0);
    this.#frame = null;
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}
