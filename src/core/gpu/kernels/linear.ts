import type * as tf from "@tensorflow/tfjs-core";
import type { Work } from "../threads/cut";
import { PANEL, linearScratchFloats } from "./linear.wasm";
import type { Call } from "./register";
import { floatsFrom } from "./register";

/** Nanoseconds of one thread: for a multiplication and an addition, and to move a value into a panel. */
const MULTIPLY_NS = 0.06;
const PACK_NS = { packLinear: 0.4, packTransposed: 1.2 } as const;

/** Addresses of a weight, its bias (0 for none) and where they are packed. */
interface Packing {
  readonly weight: number;
  readonly bias: number;
  readonly packed: number;
  readonly I: number;
  readonly O: number;
}

/** Packs a weight that lies as [I, O] (packLinear) or as [O, I] (packTransposed). */
export function packWork(call: Call, name: keyof typeof PACK_NS, p: Packing): Work {
  const { weight, bias, packed, I, O } = p;
  const what = { total: O, ns: I * PACK_NS[name], align: PANEL };
  return call.cut(what, (columns) => (run) => {
    run(name, weight, bias, packed, I, O, ...columns);
  });
}

/** Addresses of a product of rows with a packed weight. */
export interface Product {
  readonly x: number; // [N, I]
  readonly packed: number;
  readonly out: number; // [N, O]
  readonly N: number;
  readonly I: number;
  readonly O: number;
}

/** About how long one row of a product takes, or any such number of multiplications. */
export const productNs = (I: number, O: number): number => I * O * MULTIPLY_NS;

/** x W + b by rows. */
export function productWork(call: Call, { x, packed, out, N, I, O }: Product): Work {
  const what = { total: N, ns: productNs(I, O), align: 6 };
  return call.cut(what, ([from, to]) => (run) => {
    run("linear", floatsFrom(x, from * I), packed, floatsFrom(out, from * O), to - from, I, O);
  });
}

/** x W + b, where W and b begin at addresses. */
export function multiply(
  call: Call,
  name: keyof typeof PACK_NS,
  p: Omit<Packing, "packed"> & Pick<Product, "x" | "out" | "N">,
): void {
  call.withScratch(linearScratchFloats(p.I, p.O), (packed) => {
    call.share([packWork(call, name, { ...p, packed })]);
    call.share([productWork(call, { ...p, packed })]);
  });
}

/** [N, I] times [I, O] plus [O]. */
export function linear(call: Call): tf.TensorInfo {
  const { backend, inputs, address } = call;
  const { x, weight, bias } = inputs;
  const N = x!.shape[0]!;
  const [I, O] = weight!.shape as [number, number];
  const out = backend.makeOutput([N, O], "float32");
  const [from, to] = [x, out].map(address) as [number, number];
  const places = { x: from, weight: address(weight), bias: address(bias), out: to };
  multiply(call, "packLinear", { ...places, N, I, O });
  return out;
}
