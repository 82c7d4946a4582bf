/**
 * A small assembler for WebAssembly: expressions and statements are byte strings that are put together by
 * functions. Opcodes: WebAssembly core specification 2.0, chapter 5 (binary format).
 */
export type Code = readonly number[];

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const VOID_BLOCK = 0x40;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 127;
    const isLast = (rest >> 7 === 0 && low < 64) || (rest >> 7 === -1 && low >= 64);
    if (isLast) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const floatBytes = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
const prefixed = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const unary =
  (...opcode: number[]) =>
  (a: Code): Code => [...a, ...opcode];
const memory = (align: number, offset: number): number[] => [align, ...unsigned(offset)];

/** Arithmetic on 32-bit integers; addresses are such. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  remainder: binary(0x6f),
  and: binary(0x71),
  shiftRight: (a: Code, bits: number): Code => [...a, ...i32.const(bits), 0x76],
  load: (address: Code): Code => [...address, 0x28, ...memory(2, 0)],
  isZero: unary(0x45),
  lessThan: binary(0x48),
};

/** Arithmetic on one float. */
export const f32 = {
  const: (value: number): Code => [0x43, ...floatBytes(value)],
  load: (address: Code, offset = 0): Code => [...address, 0x2a, ...memory(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    0x38,
    ...memory(2, offset),
  ],
  add: binary(0x92),
  sub: binary(0x93),
  mul: binary(0x94),
  div: binary(0x95),
  max: binary(0x97),
  sqrt: unary(0x91),
};

/** Arithmetic on four floats (or, where said, four integers) at once. */
export const v128 = {
  load: (address: Code, offset = 0): Code => [...address, ...prefixed(0x00), ...memory(2, offset)],
  /** One float from memory in all four lanes. */
  loadSplat: (address: Code, offset = 0): Code => [
    ...address,
    ...prefixed(0x09),
    ...memory(2, offset),
  ],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...prefixed(0x0b),
    ...memory(2, offset),
  ],
  const: (value: number): Code => [
    ...prefixed(0x0c),
    ...Array.from({ length: 4 }, () => floatBytes(value)).flat(),
  ],
  constInteger: (value: number): Code => [...i32.const(value), ...prefixed(0x11)],
  splat: unary(...prefixed(0x13)),
  lane: (a: Code, lane: number): Code => [...a, ...prefixed(0x1f), lane],
  add: binary(...prefixed(0xe4)),
  sub: binary(...prefixed(0xe5)),
  mul: binary(...prefixed(0xe6)),
  div: binary(...prefixed(0xe7)),
  sqrt: unary(...prefixed(0xe3)),
  // "pseudo" minimum and maximum: one instruction where the strict ones take eight, for the sake of NaN
  min: binary(...prefixed(0xea)),
  max: binary(...prefixed(0xeb)),
  /** All bits of a lane where a > b, else none. */
  isAbove: binary(...prefixed(0x44)),
  and: binary(...prefixed(0x4e)),
  xor: binary(...prefixed(0x51)),
  /** a * b + c in one instruction (relaxed SIMD), or in two. */
  multiplyAdd: (a: Code, b: Code, c: Code, hasFma: boolean): Code =>
    hasFma ? [...a, ...b, ...c, ...prefixed(0x105)] : v128.add(v128.mul(a, b), c),
  addIntegers: binary(...prefixed(0xae)),
  splatInteger: unary(...prefixed(0x11)),
  constIntegers: (values: readonly number[]): Code => [
    ...prefixed(0x0c),
    ...new Uint8Array(Int32Array.from(values).buffer),
  ],
  /** Products of the first, or the last, two unsigned integers as two of 64 bits. */
  multiplyWide: (a: Code, b: Code, isLast: boolean): Code => [
    ...a,
    ...b,
    ...prefixed(isLast ? 0xdf : 0xde),
  ],
  /** Four of the eight words of two vectors. */
  pick: (a: Code, b: Code, words: readonly [number, number, number, number]): Code => [
    ...a,
    ...b,
    ...prefixed(0x0d),
    ...words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)),
  ],
  /** All bits of each of eight half words that is at least that large, else none. */
  areHalvesFrom: (a: Code, least: Code): Code => [
    ...a,
    ...least,
    ...prefixed(0x10),
    ...prefixed(0x36),
  ],
  /** The first, or the last, four half words as words, with their sign. */
  widen: (a: Code, isLast: boolean): Code => [...a, ...prefixed(isLast ? 0xa8 : 0xa7)],
  shiftLeft: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...prefixed(0xab)],
};

/** Copies `bytes` from one address to another (bulk memory). */
export function copyBytes(to: Code, from: Code, bytes: Code): Code {
  return [...to, ...from, ...bytes, 0xfc, 0x0a, 0, 0];
}

/** Fills `bytes` with zeros (bulk memory). */
export function clearBytes(at: Code, bytes: Code): Code {
  return [...at, ...i32.const(0), ...bytes, 0xfc, 0x0b, 0];
}

/** A variable of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** Statements one after the other. */
export function sequence(...parts: Code[]): Code {
  return parts.flat();
}

/** `thenCode` if the condition is not 0, else `elseCode`; both statements. */
export function choose(condition: Code, thenCode: Code, elseCode: Code): Code {
  return [...condition, 0x04, VOID_BLOCK, ...thenCode, 0x05, ...elseCode, 0x0b];
}

/** Runs `body` while `index`, growing from `from` by `step`, is below `to`. */
export function loop(
  index: Local,
  { from, to, step }: { from: Code; to: Code; step: Code },
  body: Code,
): Code {
  const isOver = i32.isZero(i32.lessThan(index.get, to));
  const next = index.set(i32.add(index.get, step));
  const again = [...isOver, 0x0d, 1, ...body, ...next, 0x0c, 0];
  return [...index.set(from), 0x02, VOID_BLOCK, 0x03, VOID_BLOCK, ...again, 0x0b, 0x0b];
}

/** A function being written: parameters first, then locals, then `body`. */
export class FunctionBuilder {
  readonly #parameters: number[] = [];
  readonly #locals: number[] = [];

  #declare(list: number[], type: number): Local {
    const index = unsigned(this.#parameters.length + this.#locals.length);
    list.push(type);
    return {
      get: [0x20, ...index],
      set: (value) => [...value, 0x21, ...index],
    };
  }

  /** An integer parameter, such as an address; all parameters come before all locals. */
  parameter(): Local {
    return this.#declare(this.#parameters, I32);
  }

  floatParameter(): Local {
    return this.#declare(this.#parameters, F32);
  }

  integer(): Local {
    return this.#declare(this.#locals, I32);
  }

  float(): Local {
    return this.#declare(this.#locals, F32);
  }

  vector(): Local {
    return this.#declare(this.#locals, V128);
  }

  get type(): Code {
    return [0x60, ...unsigned(this.#parameters.length), ...this.#parameters, 0];
  }

  /** The function's entry in the code section. */
  code(body: Code): Code {
    const locals = this.#locals.flatMap((type) => [1, type]);
    const code = [...unsigned(this.#locals.length), ...locals, ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  }
}

/** A function of a module: its builder and what it does. */
export interface WrittenFunction {
  readonly name: string;
  readonly builder: FunctionBuilder;
  readonly body: Code;
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const text = (value: string): Code => [
  ...unsigned(value.length),
  ...new TextEncoder().encode(value),
];

/** Memory of another module, imported as `env.memory`; a shared one must name its largest size. */
function importMemory(isShared: boolean): Code {
  const limits = isShared ? [3, 1, ...unsigned(65_536)] : [0, 1];
  return [...text("env"), ...text("memory"), 2, ...limits];
}

/** A module that exports the functions and works on imported memory. */
export function assemble(functions: readonly WrittenFunction[], isShared: boolean): Uint8Array {
  const exports = functions.map(({ name }, n) => [...text(name), 0, ...unsigned(n)]);
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, list(functions.map(({ builder }) => builder.type))),
    ...section(2, list([importMemory(isShared)])),
    ...section(3, list(functions.map((_, n) => unsigned(n)))),
    ...section(7, list(exports)),
    ...section(10, list(functions.map(({ builder, body }) => builder.code(body)))),
  ]);
}
