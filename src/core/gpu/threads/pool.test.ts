import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { FunctionBuilder, assemble, f32, i32, loop } from "../kernels/assembler";
import { wasmApi } from "../web-assembly";
import type { Helper, KernelModule, Part } from "./pool";
import { ThreadPool } from "./pool";
import { helperProgram } from "./thread";

const LISTEN = 'require("node:worker_threads").parentPort.on("message", listener)';
/** A helper that takes a part and never does it. */
const LAZY = helperProgram(LISTEN).replace(
  /\)\(host, [^]*\);$/,
  ")(host, ({ words }, rules) => { Atomics.add(words, rules.words.ticket, 1); });",
);

function spawn(program: string): Helper {
  const worker = new Worker(program, { eval: true });
  worker.unref();
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
    onEnd: (callback) => void worker.once("exit", callback),
  };
}

/** fill(at, count, value): adds `value` to so many floats. */
function writeFill() {
  const builder = new FunctionBuilder();
  const [at, count, value] = [builder.parameter(), builder.parameter(), builder.floatParameter()];
  const n = builder.integer();
  const place = i32.add(at.get, i32.mul(n.get, i32.const(4)));
  const add = f32.store(place, f32.add(f32.load(place), value.get));
  const body = loop(n, { from: i32.const(0), to: count.get, step: i32.const(1) }, add);
  return { name: "fill", builder, body };
}

const FLOATS = 1 << 20;
let pool: ThreadPool | undefined;
afterEach(() => pool?.dispose());

async function openPool(program: string, threads: number, lostMs?: number) {
  const memory = new wasmApi.Memory({ initial: 65, maximum: 65536, shared: true });
  const module = new wasmApi.Module(assemble([writeFill()], true));
  pool = new ThreadPool({
    threads,
    memory,
    spawn: () => spawn(program),
    ...(lostMs === undefined ? {} : { lostMs }),
  });
  const { fill } = new wasmApi.Instance(module, { env: { memory } }).exports;
  const kernels: KernelModule = {
    number: pool.addModule(module, ["fill"]),
    names: new Map([["fill", 0]]),
    kernels: [fill!],
  };
  pool.hasHelper(0);
  while (!pool.isReady) await new Promise((resolve) => setTimeout(resolve, 5));
  return { pool, kernels, floats: new Float32Array(memory.buffer, 0, FLOATS) };
}

/** Parts that add their number to their own floats. */
const partsOf = (count: number, calls = 1): Part[] =>
  Array.from({ length: count }, (_, n) => (run) => {
    const size = FLOATS / count / calls;
    for (let call = 0; call < calls; call++) run("fill", 4 * size * (n * calls + call), size, n);
  });

/** Parts that take no time. */
const tinyPartsOf = (count: number): Part[] =>
  Array.from({ length: count }, (_, n) => (run) => run("fill", 4 * n, 1, 1));

test.each([2, 3, 5])("%i threads do each part of many jobs once", async (threads) => {
  const { pool, kernels, floats } = await openPool(helperProgram(LISTEN), threads);
  for (let round = 0; round < 300; round++) {
    pool.run(kernels, partsOf(64), { scratch: 0, bytes: 0 });
  }
  const size = FLOATS / 64;
  expect(floats.findIndex((value, n) => value !== 300 * Math.floor(n / size))).toBe(-1);
});

test("no part is done twice, or for the job before, where few parts follow many", async () => {
  const { pool, kernels, floats } = await openPool(helperProgram(LISTEN), 3);
  for (let round = 0; round < 20_000; round++) {
    const count = 2 ** (1 + (round % 6));
    pool.run(kernels, tinyPartsOf(count), { scratch: 0, bytes: 0 });
  }
  // every round adds 1 to the first float of each of its parts
  const rounds = (part: number): number =>
    Array.from({ length: 20_000 }, (_, n) => 2 ** (1 + (n % 6))).filter((c) => c > part).length;
  expect([...floats.subarray(0, 64)]).toEqual(Array.from({ length: 64 }, (_, n) => rounds(n)));
}, 60_000);

test("more parts and calls than fit on the tape are done one lot after the other", async () => {
  const { pool, kernels, floats } = await openPool(helperProgram(LISTEN), 2);
  pool.run(kernels, partsOf(256, 64), { scratch: 0, bytes: 0 });
  expect(floats.findIndex((value, n) => value !== Math.floor(n / (FLOATS / 256)))).toBe(-1);
  expect(pool.jobs).toBe(4); // 64 parts of 64 calls each
});

test("a helper that does not come back is an error, and then there is one thread", async () => {
  const { pool, kernels } = await openPool(LAZY, 2, 200);
  const run = (): void => {
    for (let n = 0; n < 100; n++) pool.run(kernels, partsOf(64), { scratch: 0, bytes: 0 });
  };
  expect(run).toThrow("a helper thread did not answer for 0.2 seconds");
  expect(pool.hasHelper(0)).toBe(false);
});
