/** What a slot of a table refers to: text, numbers of so many bytes each, a table, or tables. */
type Slot =
  { kind: "text" } | { kind: "list"; bytes: number } | { kind: "table" | "tables"; of: Shape };

/** The slots of a table that refer to something, by number; scalars need no check. */
export type Shape = () => Readonly<Record<number, Slot>>;

/** A file that refers to more things than this is none. */
const MOST_VISITS = 200_000;
const DEEPEST = 64;

/**
 * Checks that a flatbuffer refers to nothing outside itself, before a library follows its references: a list
 * that claims two thousand million entries would keep it busy for ever. Throws Error.
 */
export class FlatBuffer {
  readonly #view: DataView;
  #visits = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Checks the root and all below it; gives the place of the root table. */
  checkRoot(shape: Shape): number {
    const root = this.#follow(0);
    this.#checkTable(root, shape, 0);
    return root;
  }

  /** Checks the table that a slot refers to; gives its place, or 0 where the slot is empty. */
  checkTableAt(table: number, slot: number, shape: Shape): number {
    const at = this.slot(table, slot);
    if (at === 0) return 0;
    const target = this.#follow(at);
    this.#checkTable(target, shape, 0);
    return target;
  }

  /** Place of the value of a slot; 0 where it is left out. */
  slot(table: number, slot: number): number {
    const vtable = table - this.#int32(table);
    const size = this.#uint16(vtable);
    const entry = 4 + 2 * slot;
    if (size % 2 !== 0 || vtable + size > this.#view.byteLength) throw outside();
    const offset = entry + 2 <= size ? this.#uint16(vtable + entry) : 0;
    if (offset !== 0) this.#check(table + offset, 1);
    return offset === 0 ? 0 : table + offset;
  }

  /** First entry and number of entries of a list; none where the slot is empty. */
  list(table: number, slot: number, bytes: number): { at: number; count: number } {
    const at = this.slot(table, slot);
    if (at === 0) return { at: 0, count: 0 };
    const target = this.#follow(at);
    const count = this.#uint32(target);
    this.#check(target + 4, count * bytes);
    return { at: target + 4, count };
  }

  uint8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  int64(at: number): number {
    this.#check(at, 8);
    return Number(this.#view.getBigInt64(at, true));
  }

  int32(at: number): number {
    return this.#int32(at);
  }

  #checkTable(table: number, shape: Shape, depth: number): void {
    if (++this.#visits > MOST_VISITS || depth > DEEPEST) throw new Error("it has no end");
    for (const [number, slot] of Object.entries(shape())) {
      const at = this.slot(table, Number(number));
      if (at !== 0) this.#checkSlot(table, Number(number), slot, depth);
    }
  }

  #checkSlot(table: number, number: number, slot: Slot, depth: number): void {
    if (slot.kind === "text") this.list(table, number, 1);
    else if (slot.kind === "list") this.list(table, number, slot.bytes);
    else if (slot.kind === "table") {
      this.#checkTable(this.#follow(this.slot(table, number)), slot.of, depth + 1);
    } else {
      const { at, count } = this.list(table, number, 4);
      for (let i = 0; i < count; i++)
        this.#checkTable(this.#follow(at + 4 * i), slot.of, depth + 1);
    }
  }

  #follow(at: number): number {
    const target = at + this.#uint32(at);
    this.#check(target, 4);
    return target;
  }

  #check(at: number, bytes: number): void {
    if (at < 0 || at + bytes > this.#view.byteLength) throw outside();
  }

  #uint16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, true);
  }

  #uint32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, true);
  }

  #int32(at: number): number {
    this.#check(at, 4);
    return this.#view.getInt32(at, true);
  }
}

const outside = (): Error => new Error("it refers to what lies outside itself");
