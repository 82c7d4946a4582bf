import { FootfallError } from "../../errors";

/** Section of a WebAssembly module that declares its memory (core specification 2.0, 5.5.8). */
const MEMORY_SECTION = 5;
const HEADER_BYTES = 8;
/** Limits of a memory: with a largest size; with one, and shared (threads proposal). */
const LIMITED = 1;
const SHARED = 3;

/** An unsigned LEB128 number, and the place behind it. */
function readUnsigned(code: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let n = 0; ; n++) {
    const byte = code[at + n]!;
    value += (byte & 127) * 2 ** (7 * n);
    if (byte < 128) return { value, next: at + n + 1 };
  }
}

/**
 * The same module with a memory that threads can share. tfjs' file for one thread declares its memory itself and
 * names a largest size, so that one bit makes it shared; its file for many threads starts eight workers of its
 * own, and in Node none at all. Throws "bad-file" for a module that is made in another way.
 */
export function shareMemory(module: Uint8Array): Uint8Array {
  const code = module.slice();
  for (let at = HEADER_BYTES; at < code.length;) {
    const section = code[at]!;
    const { value: bytes, next } = readUnsigned(code, at + 1);
    const limits = readUnsigned(code, next).next; // behind the number of memories
    if (section === MEMORY_SECTION && code[limits] === LIMITED) {
      code[limits] = SHARED;
      return code;
    }
    at = next + bytes;
  }
  throw new FootfallError(
    "bad-file",
    "the wasm engine's file declares no memory that can be shared",
  );
}
