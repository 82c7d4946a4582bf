import { FootfallError } from "./errors";

/** How browsers, Node and tfjs word it when memory is refused; none of them has a type of its own for it. */
const WORDS =
  /out of memory|allocation failed|could not allocate|failed to allocate|cannot enlarge memory|\bOOM\b|invalid (typed )?array( buffer)? length|memory access out of bounds|GPUOutOfMemoryError|createBuffer failed/i;

/** Whether what was thrown says that memory has run out: of the graphics card, of WebAssembly or of JavaScript. */
export function isOutOfMemory(thrown: unknown): boolean {
  if (thrown instanceof FootfallError) return thrown.code === "out-of-memory";
  return thrown instanceof Error && WORDS.test(`${thrown.name}: ${thrown.message}`);
}
