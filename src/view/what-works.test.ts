import { expect, test } from "vitest";
import type { MachineReport } from "./engine-words";
import { whatWorks } from "./what-works";

const WASM: MachineReport = {
  engine: "wasm",
  adapter: undefined,
  isCrossOriginIsolated: true,
  hasSimd: true,
  cores: 4,
  threads: 3,
};
const ALL = { hasWebgl: true, hasStorage: true };

test("what works is said for each engine, and what is missing by its name", () => {
  expect(whatWorks(WASM, ALL).join(" ")).toMatch(/Maps are drawn.* with 3 threads.* are kept/);
  expect(whatWorks({ ...WASM, engine: "webgpu" }, ALL)[1]).toContain("graphics processor");
  expect(whatWorks({ ...WASM, engine: "cpu" }, ALL)[1]).toContain("too slow to train");
  const poor = whatWorks(
    { ...WASM, isCrossOriginIsolated: false, threads: 1 },
    { hasWebgl: false, hasStorage: false },
  ).join(" ");
  expect(poor).toMatch(/without WebGL 2.* one thread.* no storage.* does not isolate/);
});
