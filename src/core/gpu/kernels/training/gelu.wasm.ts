import type { WrittenFunction } from "../assembler";
import { FunctionBuilder, i32, loop, sequence, v128 } from "../assembler";
import { writePhi } from "../elementwise.wasm";
import { writeExp } from "../exponential.wasm";

/** geluGradient(x, d, out, bytes): out = d * (Phi(x) + x phi(x)), the derivative of x Phi(x). */
export function writeGeluGradient(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, d, out, bytes] = [0, 1, 2, 3].map(() => builder.parameter());
  const at = builder.integer();
  const [value, capped, square, slope] = [0, 1, 2, 3].map(() => builder.vector());
  const [steps, mask] = [builder.vector(), builder.vector()];
  const { prepare, phi } = writePhi({ value: value!, capped: capped!, square: square! }, hasFma);
  const density = v128.mul(capped!.get, v128.const(1 / Math.sqrt(2 * Math.PI)));
  const body = sequence(
    value!.set(v128.load(i32.add(x!.get, at.get))),
    prepare,
    slope!.set(phi),
    capped!.set(v128.mul(v128.mul(value!.get, value!.get), v128.const(-0.5))),
    writeExp({ value: capped!, steps, mask }, hasFma),
    slope!.set(v128.add(slope!.get, v128.mul(value!.get, density))),
    v128.store(i32.add(out!.get, at.get), v128.mul(slope!.get, v128.load(i32.add(d!.get, at.get)))),
  );
  const range = { from: i32.const(0), to: bytes!.get, step: i32.const(16) };
  return { name: "geluGradient", builder, body: loop(at, range, body) };
}
