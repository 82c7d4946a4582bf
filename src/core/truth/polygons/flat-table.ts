const text = new TextDecoder();

/**
 * A table of FlatBuffers (google.github.io/flatbuffers, "internals"). Every address is checked: a broken file
 * ends in a RangeError and never in a loop over four thousand million entries that are not there.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The root table of a buffer without its size prefix. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Address of a field by its number in the schema; 0 where it is left out. */
  #field(slot: number): number {
    const types = this.#at - this.#view.getInt32(this.#at, true);
    const at = 4 + 2 * slot;
    if (at >= this.#view.getUint16(types, true)) return 0;
    const offset = this.#view.getUint16(types + at, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  uint8(slot: number): number {
    const at = this.#field(slot);
    return at === 0 ? 0 : this.#view.getUint8(at);
  }

  uint16(slot: number, missing = 0): number {
    const at = this.#field(slot);
    return at === 0 ? missing : this.#view.getUint16(at, true);
  }

  int32(slot: number): number {
    const at = this.#field(slot);
    return at === 0 ? 0 : this.#view.getInt32(at, true);
  }

  uint64(slot: number): number {
    const at = this.#field(slot);
    return at === 0 ? 0 : Number(this.#view.getBigUint64(at, true));
  }

  /** First address and length of a vector whose entries have so many bytes. */
  #vector(slot: number, bytesEach: number): { at: number; length: number } {
    const field = this.#field(slot);
    if (field === 0) return { at: 0, length: 0 };
    const at = field + this.#view.getUint32(field, true);
    const length = this.#view.getUint32(at, true);
    if (at + 4 + length * bytesEach > this.#view.byteLength) throw new RangeError("it was cut");
    return { at: at + 4, length };
  }

  bytes(slot: number): Uint8Array {
    const { at, length } = this.#vector(slot, 1);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
  }

  text(slot: number): string {
    return text.decode(this.bytes(slot));
  }

  uint32s(slot: number): number[] {
    const { at, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, i) => this.#view.getUint32(at + 4 * i, true));
  }

  float64s(slot: number): number[] {
    const { at, length } = this.#vector(slot, 8);
    return Array.from({ length }, (_, i) => this.#view.getFloat64(at + 8 * i, true));
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#field(slot);
    return at === 0 ? undefined : this.#follow(at);
  }

  tables(slot: number): FlatTable[] {
    const { at, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, i) => this.#follow(at + 4 * i));
  }

  #follow(at: number): FlatTable {
    return new FlatTable(this.#view, at + this.#view.getUint32(at, true));
  }
}
