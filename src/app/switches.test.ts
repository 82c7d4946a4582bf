import { expect, test } from "vitest";
import { readSwitches } from "./switches";

test("without switches the engine is free and the seed is 123", () => {
  expect(readSwitches("")).toEqual({
    backend: undefined,
    threads: undefined,
    seed: 123,
    isTest: false,
    data: undefined,
    notebook: "masking",
  });
});

test("switches are read from the address", () => {
  expect(readSwitches("?backend=wasm&threads=2&seed=7&test=1&data=a1b2&notebook=papers")).toEqual({
    backend: "wasm",
    threads: 2,
    seed: 7,
    isTest: true,
    data: "a1b2",
    notebook: "papers",
  });
});

test.each([
  "?backend=vulkan",
  "?notebook=poems",
  "?threads=0",
  "?seed=-1",
  "?seed=1.5",
  "?seed=many",
])("%s is refused", (search) => {
  expect(() => readSwitches(search)).toThrow(/the address says/);
});
