import type { Code, Local, WrittenFunction } from "./assembler";
import {
  FunctionBuilder,
  choose,
  clearBytes,
  copyBytes,
  f32,
  i32,
  loop,
  sequence,
  v128,
} from "./assembler";

const ZERO = i32.const(0);
const ONE = i32.const(1);
const FLOAT = i32.const(4);
/** Columns of a panel: two vectors. */
const PANEL = 8;
/** Rows that are multiplied at once: with two vectors each they and the operands just fit 16 registers. */
const ROWS = 6;
/** Steps of the inner product between two loop tests. */
const UNROLL = 4;
/** Rows that stay in the nearest cache while all panels pass by. */
const CHUNK = 48;

/** Bytes of scratch that `linear` needs: the panels and the biases, both filled up to whole panels. */
export function linearScratchFloats(I: number, O: number): number {
  return (I + 1) * Math.ceil(O / PANEL) * PANEL;
}

/** packLinear(weight, bias, scratch, I, O): [I, O] as panels of 8 columns, then the biases. */
export function writePackLinear(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [weight, bias, scratch] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const [I, O] = [builder.parameter(), builder.parameter()];
  const [panel, k, column, width] = Array.from({ length: 4 }, () => builder.integer()) as Array4;
  const [from, to] = [builder.integer(), builder.integer()];
  const rowBytes = i32.mul(O.get, FLOAT);
  const paddedO = i32.and(i32.add(O.get, i32.const(PANEL - 1)), i32.const(-PANEL));
  const copyWhole = sequence(
    v128.store(to.get, v128.load(from.get)),
    v128.store(to.get, v128.load(from.get, 16), 16),
  );
  const copyPart = loop(
    column,
    { from: ZERO, to: i32.mul(width.get, FLOAT), step: FLOAT },
    f32.store(i32.add(to.get, column.get), f32.load(i32.add(from.get, column.get))),
  );
  const copyPanel = sequence(
    width.set(i32.sub(O.get, panel.get)),
    from.set(i32.add(weight.get, i32.mul(panel.get, FLOAT))),
    loop(
      k,
      { from: ZERO, to: I.get, step: ONE },
      sequence(
        choose(i32.lessThan(width.get, i32.const(PANEL)), copyPart, copyWhole),
        from.set(i32.add(from.get, rowBytes)),
        to.set(i32.add(to.get, i32.const(PANEL * 4))),
      ),
    ),
  );
  const floats = i32.mul(i32.add(I.get, ONE), paddedO);
  const body = sequence(
    clearBytes(scratch.get, i32.mul(floats, FLOAT)),
    to.set(scratch.get),
    loop(panel, { from: ZERO, to: O.get, step: i32.const(PANEL) }, copyPanel),
    copyBytes(to.get, bias.get, rowBytes),
  );
  return { name: "packLinear", builder, body };
}

type Array4 = [Local, Local, Local, Local];

/** Variables of the innermost block. */
interface Block {
  readonly rows: readonly Local[];
  readonly sums: readonly (readonly [Local, Local])[];
  readonly operands: readonly [Local, Local];
  readonly factor: Local;
  readonly panel: Local;
  readonly end: Local;
}

/** sums[m] += row m times the panel, `count` rows at once. */
function writeProducts(block: Block, count: number, innerBytes: Code, hasFma: boolean): Code {
  const { rows, sums, operands, factor, panel, end } = block;
  const addProduct = (sum: Local, operand: Local): Code =>
    sum.set(v128.multiplyAdd(factor.get, operand.get, sum.get, hasFma));
  const step = (k: number): Code =>
    sequence(
      operands[0].set(v128.load(panel.get, k * PANEL * 4)),
      operands[1].set(v128.load(panel.get, k * PANEL * 4 + 16)),
      ...sums
        .slice(0, count)
        .map(([left, right], m) =>
          sequence(
            factor.set(v128.loadSplat(rows[m]!.get, k * 4)),
            addProduct(left, operands[0]),
            addProduct(right, operands[1]),
          ),
        ),
    );
  const advance = rows
    .slice(1, count)
    .map((row) => row.set(i32.add(row.get, i32.const(UNROLL * 4))));
  const body = sequence(
    ...Array.from({ length: UNROLL }, (_, k) => step(k)),
    ...advance,
    panel.set(i32.add(panel.get, i32.const(UNROLL * PANEL * 4))),
  );
  const first = rows[0]!;
  return sequence(
    end.set(i32.add(first.get, innerBytes)),
    loop(first, { from: first.get, to: end.get, step: i32.const(UNROLL * 4) }, body),
  );
}

/**
 * linear(x, packed, out, N, I, O): out [N, O] = x [N, I] W + b with W and b packed; I is a multiple of 4.
 * @param hasFma multiply and add in one instruction, where the browser has relaxed SIMD
 */
export function writeLinear(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, packed, out] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const [N, I, O] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const integer = (): Local => builder.integer();
  const vector = (): Local => builder.vector();
  const block: Block = {
    rows: Array.from({ length: ROWS }, integer),
    sums: Array.from({ length: ROWS }, () => [vector(), vector()] as const),
    operands: [vector(), vector()],
    factor: vector(),
    panel: integer(),
    end: integer(),
  };
  const [chunk, chunkEnd, column, row] = Array.from({ length: 4 }, integer) as Array4;
  const [panelStart, biases, innerBytes, target] = Array.from({ length: 4 }, integer) as Array4;
  const wholeRows = integer();
  const lane = integer();

  const storePart = ([left, right]: readonly [Local, Local]): Code =>
    sequence(
      lane.set(i32.sub(O.get, column.get)),
      ...Array.from({ length: PANEL }, (_, n) =>
        choose(
          i32.lessThan(i32.const(n), lane.get),
          f32.store(target.get, v128.lane((n < 4 ? left : right).get, n % 4), n * 4),
          [],
        ),
      ),
    );
  const storeWhole = ([left, right]: readonly [Local, Local]): Code =>
    sequence(v128.store(target.get, left.get), v128.store(target.get, right.get, 16));
  const isPart = i32.lessThan(i32.sub(O.get, column.get), i32.const(PANEL));
  const bias = i32.add(biases.get, i32.mul(column.get, FLOAT));
  const runBlock = (count: number): Code =>
    sequence(
      ...block.rows
        .slice(0, count)
        .map((pointer, m) =>
          pointer.set(i32.add(x.get, i32.mul(i32.add(row.get, i32.const(m)), innerBytes.get))),
        ),
      ...block.sums
        .slice(0, count)
        .flatMap(([left, right]) => [left.set(v128.load(bias)), right.set(v128.load(bias, 16))]),
      block.panel.set(panelStart.get),
      writeProducts(block, count, innerBytes.get, hasFma),
      target.set(i32.add(out.get, i32.mul(i32.add(i32.mul(row.get, O.get), column.get), FLOAT))),
      ...block.sums
        .slice(0, count)
        .map((sums) =>
          sequence(
            choose(isPart, storePart(sums), storeWhole(sums)),
            target.set(i32.add(target.get, i32.mul(O.get, FLOAT))),
          ),
        ),
    );
  const rest = i32.sub(chunkEnd.get, i32.const(ROWS - 1));
  const runPanel = sequence(
    wholeRows.set(rest),
    loop(row, { from: chunk.get, to: wholeRows.get, step: i32.const(ROWS) }, runBlock(ROWS)),
    loop(row, { from: row.get, to: chunkEnd.get, step: ONE }, runBlock(1)),
    panelStart.set(i32.add(panelStart.get, i32.mul(innerBytes.get, i32.const(PANEL)))),
  );
  const runChunk = sequence(
    chunkEnd.set(i32.add(chunk.get, i32.const(CHUNK))),
    choose(i32.lessThan(N.get, chunkEnd.get), chunkEnd.set(N.get), []),
    panelStart.set(packed.get),
    loop(column, { from: ZERO, to: O.get, step: i32.const(PANEL) }, runPanel),
  );
  const paddedO = i32.and(i32.add(O.get, i32.const(PANEL - 1)), i32.const(-PANEL));
  const body = sequence(
    innerBytes.set(i32.mul(I.get, FLOAT)),
    biases.set(i32.add(packed.get, i32.mul(innerBytes.get, paddedO))),
    loop(chunk, { from: ZERO, to: N.get, step: i32.const(CHUNK) }, runChunk),
  );
  return { name: "linear", builder, body };
}
