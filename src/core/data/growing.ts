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
export const growUint32 = (): Growing<Uint32Array> => new Growing((n) => new Uint32Array(n));
export const growInt32 = (): Growing<Int32Array> => new Growing((n) => new Int32Array(n));
export const growFloat64 = (): Growing<Float64Array> => new Growing((n) => new Float64Array(n));

interface MovableBuffer extends ArrayBuffer {
  readonly resizable?: boolean;
  resize?: (bytes: number) => void;
  transfer?: (bytes: number) => ArrayBuffer;
}

/**
 * Gives a column's memory back at once where the engine can (browsers since 2024); it is empty then. Elsewhere
 * the collector does so in its time, which for hundreds of megabytes may be late.
 */
export function release(column: Numbers): void {
  const buffer = column.buffer as MovableBuffer;
  if (buffer.byteLength === 0) return;
  if (buffer.resizable === true) buffer.resize?.(0);
  else buffer.transfer?.(0);
}

interface NumbersType<T extends Numbers> {
  new (length: number): T;
  new (buffer: ArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
}

const FIRST_LENGTH = 1024;
/** Columns of up to so many bytes are copied when they grow. */
const COPIED_BYTES = 1 << 19;
const STEP_BYTES = 1 << 20;
/** Addresses set aside for a column that grows in its place; memory is taken step by step. */
const ASIDE_BYTES = 2 ** 32;

type GrowingBuffer = new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;

/** Memory that can grow in its place; undefined where the engine has none (browsers before 2024). */
function setAside(bytes: number): ArrayBuffer | undefined {
  if (!("resize" in ArrayBuffer.prototype)) return undefined;
  try {
    return new (ArrayBuffer as GrowingBuffer)(bytes, { maxByteLength: ASIDE_BYTES });
  } catch {
    return undefined; // no room for so many addresses
  }
}

/**
 * A typed column of any length that grows in its place, so that a large file never stands twice in memory;
 * where the engine cannot do that, and beyond 4 GiB, it is copied when it doubles.
 */
export class LongColumn<T extends Numbers> {
  readonly #type: NumbersType<T>;
  #values: T;
  #length = 0;

  constructor(type: NumbersType<T>) {
    this.#type = type;
    this.#values = new type(FIRST_LENGTH);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = value;
  }

  /** Appends many values at once. */
  pushAll(values: ArrayLike<number>): void {
    while (this.#length + values.length > this.#values.length) this.#grow();
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** The values so far: a view, good until the next push. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T;
  }

  /** Forgets the values and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  /** The values as one column, not copied where they are many; this one is empty then. */
  take(): T {
    const { buffer } = this.#values;
    const isCut = (buffer as MovableBuffer).resizable === true;
    if (isCut) (buffer as MovableBuffer).resize?.(this.#length * this.#type.BYTES_PER_ELEMENT);
    const values = isCut ? this.#values : (this.#values.slice(0, this.#length) as T);
    this.#values = new this.#type(FIRST_LENGTH);
    this.#length = 0;
    return values;
  }

  #grow(): void {
    const { buffer, byteLength } = this.#values;
    if ((buffer as MovableBuffer).resizable === true && byteLength < ASIDE_BYTES) {
      (buffer as MovableBuffer).resize?.(Math.min(ASIDE_BYTES, byteLength + STEP_BYTES));
      return;
    }
    const before = this.#values;
    const aside = byteLength < COPIED_BYTES ? undefined : this.#setAside(byteLength);
    this.#values = aside ?? new this.#type(before.length * 2);
    this.#values.set(before);
    release(before);
  }

  #setAside(byteLength: number): T | undefined {
    const buffer = byteLength < ASIDE_BYTES ? setAside(byteLength + STEP_BYTES) : undefined;
    return buffer && new this.#type(buffer);
  }
}
