import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wasmApi } from "../web-assembly";
import { shareMemory } from "./memory";

const FILES = "node_modules/@tensorflow/tfjs-backend-wasm/dist";

test("tfjs' file differs in one byte and declares shared memory", () => {
  const code = new Uint8Array(readFileSync(`${FILES}/tfjs-backend-wasm-simd.wasm`));
  const shared = shareMemory(code);
  const places = [...shared.keys()].filter((n) => shared[n] !== code[n]);
  expect(places.map((n) => [code[n], shared[n]])).toEqual([[1, 3]]);
  expect(wasmApi.validate(shared)).toBe(true);
});

test("a module without memory of its own is refused", () => {
  const code = new Uint8Array(readFileSync(`${FILES}/tfjs-backend-wasm-threaded-simd.wasm`));
  expect(() => shareMemory(code)).toThrow("declares no memory that can be shared");
});
