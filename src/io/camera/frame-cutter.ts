/**
 * Cuts a stream of bytes into pictures of one size. Each is handed over whole, in memory of its own; memory given back
 * is filled again.
 */
export class FrameCutter {
  readonly #bytes: number;
  readonly #whole: (picture: Uint8Array) => void;
  #filling: Uint8Array | null = null;
  #filled = 0;
  #spare: Uint8Array | null = null;

  /** @param bytes length of a picture */
  constructor(bytes: number, whole: (picture: Uint8Array) => void) {
    this.#bytes = bytes;
    this.#whole = whole;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const filling = this.#filling ?? this.#next();
      const part = chunk.subarray(from, from + this.#bytes - this.#filled);
      filling.set(part, this.#filled);
      from += part.length;
      this.#filled += part.length;
      if (this.#filled < this.#bytes) continue;
      this.#filling = null;
      this.#whole(filling);
    }
  }

  /** Wipes the memory of a picture nobody has seen, and takes it back. One is kept. */
  reuse(picture: Uint8Array): void {
    picture.fill(0);
    this.#spare = picture;
  }

  #next(): Uint8Array {
    const next = this.#spare ?? new Uint8Array(this.#bytes);
    this.#spare = null;
    this.#filling = next;
    this.#filled = 0;
    return next;
  }
}
