type Numbers = Uint8Array | Uint16Array | Uint32Array | Int16Array | Int32Array | Float64Array;

/** A typed column that grows by doubling; `build` copies what is there. */
export class Growing<T extends Numbers> {
  #values: T;
  #length = 0;
  readonly #create: (length: number) => T;

  constructor(create: (length: number) => T, capacity = 1024) {
    this.#create = create;
    this.#values = create(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#reserve(this.#length + 1);
    this.#values[this.#length++] = value;
  }

  /** The value at a place that was pushed before. */
  get(index: number): number {
    return this.#values[index]!;
  }

  /** Puts another value at a place that was pushed before. */
  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** Appends many values at once. */
  pushAll(values: ArrayLike<number>): void {
    if (this.#length + values.length > this.#values.length) {
      this.#reserve(this.#length + values.length);
    }
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** The values so far, as a copy of exact length. */
  build(): T {
    return this.#values.slice(0, this.#length) as T;
  }

  /** Forgets the values and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  #reserve(length: number): void {
    const grown = this.#create(Math.max(length, this.#values.length * 2));
    grown.set(this.#values.subarray(0, this.#length));
    this.#values = grown;
  }
}

/** Columns to grow, one maker a type. */
export const growUint8 = (): Growing<Uint8Array> => new Growing((n) => new Uint8Array(n));
export const growUint16 = (): Growing<Uint16Array> => new Growing((n) => new Uint16Array(n));
export const growUint32 = (): Growing<Uint32Array> => new Growing((n) => new Uint32Array(n));
export const growInt32 = (): Growing<Int32Array> => new Growing((n) => new Int32Array(n));
export const growFloat64 = (): Growing<Float64Array> => new Growing((n) => new Float64Array(n));

/**
 * Gives a column's memory back at once where the engine can (browsers since 2024); it is empty then. Elsewhere
 * the collector does so in its time, which for hundreds of megabytes may be late.
 */
export function release(column: Numbers): void {
  const buffer = column.buffer as ArrayBuffer & { transfer?: (bytes: number) => ArrayBuffer };
  if (buffer.byteLength > 0) buffer.transfer?.(0);
}

const FIRST_BLOCK = 1024;
const BLOCK = 65_536;

/**
 * A typed column of any length in blocks: growing copies nothing, so that a large file never stands twice
 * in memory.
 */
export class Blocks<T extends Numbers> {
  /** Full ones; the first ones are small, each twice the one before. */
  #blocks: T[] = [];
  #before = 0;
  #last: T;
  #used = 0;
  readonly #create: (length: number) => T;

  constructor(create: (length: number) => T) {
    this.#create = create;
    this.#last = create(FIRST_BLOCK);
  }

  get length(): number {
    return this.#before + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#last.length) {
      this.#blocks.push(this.#last);
      this.#before += this.#used;
      this.#last = this.#create(Math.min(BLOCK, 2 * this.#used));
      this.#used = 0;
    }
    this.#last[this.#used++] = value;
  }

  /** The values as one column; the blocks are given back. */
  take(): T {
    const values = this.#create(this.length);
    let at = 0;
    for (const block of this.#blocks) {
      values.set(block, at);
      at += block.length;
      release(block);
    }
    values.set(this.#last.subarray(0, this.#used), at);
    this.#blocks = [];
    this.#before = 0;
    this.#last = this.#create(FIRST_BLOCK);
    this.#used = 0;
    return values;
  }
}
