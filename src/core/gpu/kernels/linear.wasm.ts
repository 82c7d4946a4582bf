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
export const PANEL = 8;
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

/** What the two ways of packing a weight share: the columns `from` to `to` of it, and their biases. */
export function declarePacking(builder: FunctionBuilder) {
  const parameter = (): Local => builder.parameter();
  const f = {
    weight: parameter(),
    bias: parameter(),
    scratch: parameter(),
    I: parameter(),
    O: parameter(),
    from: parameter(), // a whole number of panels
    to: parameter(),
  };
  const fill = (n: Code): Code => i32.and(i32.add(n, i32.const(PANEL - 1)), i32.const(-PANEL));
  const floatAt = (base: Code, n: Code): Code => i32.add(base, i32.mul(n, FLOAT));
  const width = i32.sub(fill(f.to.get), f.from.get);
  const panels = floatAt(f.scratch.get, i32.mul(f.from.get, f.I.get));
  const biases = floatAt(f.scratch.get, i32.add(i32.mul(f.I.get, fill(f.O.get)), f.from.get));
  const ownBias = floatAt(f.bias.get, f.from.get);
  const copy = copyBytes(biases, ownBias, i32.mul(i32.sub(f.to.get, f.from.get), FLOAT));
  return {
    ...f,
    /** Where the first panel goes. */
    panels,
    prepare: sequence(
      clearBytes(panels, i32.mul(i32.mul(width, f.I.get), FLOAT)),
      clearBytes(biases, i32.mul(width, FLOAT)),
      choose(f.bias.get, copy, []),
    ),
  };
}

/**
 * packLinear(weight, bias, scratch, I, O, from, to): the columns `from` to `to` of [I, O] as panels of 8, and
 * behind all panels the biases, which are 0 for address 0. `from` is a multiple of 8.
 */
export function writePackLinear(): WrittenFunction {
  const builder = new FunctionBuilder();
  const f = declarePacking(builder);
  const [panel, k, column, width] = [0, 1, 2, 3].map(() => builder.integer()) as Four;
  const [source, target] = [builder.integer(), builder.integer()];
  const rowBytes = i32.mul(f.O.get, FLOAT);
  const copyWhole = sequence(
    v128.store(target.get, v128.load(source.get)),
    v128.store(target.get, v128.load(source.get, 16), 16),
  );
  const copyPart = loop(
    column,
    { from: ZERO, to: i32.mul(width.get, FLOAT), step: FLOAT },
    f32.store(i32.add(target.get, column.get), f32.load(i32.add(source.get, column.get))),
  );
  const copyPanel = sequence(
    width.set(i32.sub(f.O.get, panel.get)),
    source.set(i32.add(f.weight.get, i32.mul(panel.get, FLOAT))),
    loop(
      k,
      { from: ZERO, to: f.I.get, step: ONE },
      sequence(
        choose(i32.lessThan(width.get, i32.const(PANEL)), copyPart, copyWhole),
        source.set(i32.add(source.get, rowBytes)),
        target.set(i32.add(target.get, i32.const(PANEL * 4))),
      ),
    ),
  );
  const body = sequence(
    f.prepare,
    target.set(f.panels),
    loop(panel, { from: f.from.get, to: f.to.get, step: i32.const(PANEL) }, copyPanel),
  );
  return { name: "packLinear", builder, body };
}

type Four = [Local, Local, Local, Local];

/** All variables of one call of `linear`. */
function declareFrame(builder: FunctionBuilder) {
  const parameter = (): Local => builder.parameter();
  const integer = (): Local => builder.integer();
  const vector = (): Local => builder.vector();
  return {
    x: parameter(), // [N, I]
    packed: parameter(),
    out: parameter(), // [N, O]
    N: parameter(),
    I: parameter(),
    O: parameter(),
    pointers: Array.from({ length: ROWS }, integer), // into rows of x
    sums: Array.from({ length: ROWS }, () => [vector(), vector()] as const),
    operands: [vector(), vector()] as const,
    factor: vector(),
    panel: integer(), // place in the panel
    panelStart: integer(),
    end: integer(),
    chunk: integer(),
    chunkEnd: integer(),
    column: integer(),
    row: integer(),
    lane: integer(),
    biases: integer(),
    innerBytes: integer(),
    target: integer(), // place in the output
  };
}

type Frame = ReturnType<typeof declareFrame>;
type Sums = readonly [left: Local, right: Local];

/** One step of the inner product: a row of the panel times one value of each of `count` rows. */
function writeStep(f: Frame, count: number, k: number, hasFma: boolean): Code {
  const add = (sum: Local, operand: Local): Code =>
    sum.set(v128.multiplyAdd(f.factor.get, operand.get, sum.get, hasFma));
  const rows = f.sums
    .slice(0, count)
    .map(([left, right], m) =>
      sequence(
        f.factor.set(v128.loadSplat(f.pointers[m]!.get, k * 4)),
        add(left, f.operands[0]),
        add(right, f.operands[1]),
      ),
    );
  return sequence(
    f.operands[0].set(v128.load(f.panel.get, k * PANEL * 4)),
    f.operands[1].set(v128.load(f.panel.get, k * PANEL * 4 + 16)),
    ...rows,
  );
}

/** The whole inner product of `count` rows with one panel. */
function writeProducts(f: Frame, count: number, hasFma: boolean): Code {
  const [first, ...others] = f.pointers.slice(0, count);
  const body = sequence(
    ...Array.from({ length: UNROLL }, (_, k) => writeStep(f, count, k, hasFma)),
    ...others.map((pointer) => pointer.set(i32.add(pointer.get, i32.const(UNROLL * 4)))),
    f.panel.set(i32.add(f.panel.get, i32.const(UNROLL * PANEL * 4))),
  );
  return sequence(
    f.panel.set(f.panelStart.get),
    f.end.set(i32.add(first!.get, f.innerBytes.get)),
    loop(first!, { from: first!.get, to: f.end.get, step: i32.const(UNROLL * 4) }, body),
  );
}

/** Two vectors to the output; of the last panel only the columns that there are. */
function writeStore(f: Frame, [left, right]: Sums): Code {
  const whole = sequence(
    v128.store(f.target.get, left.get),
    v128.store(f.target.get, right.get, 16),
  );
  const part = Array.from({ length: PANEL }, (_, n) => {
    const value = v128.lane((n < 4 ? left : right).get, n % 4);
    const isThere = i32.lessThan(i32.const(n), f.lane.get);
    return choose(isThere, f32.store(f.target.get, value, n * 4), []);
  });
  return sequence(
    choose(i32.lessThan(f.lane.get, i32.const(PANEL)), sequence(...part), whole),
    f.target.set(i32.add(f.target.get, i32.mul(f.O.get, FLOAT))),
  );
}

function writeStartFromBias(f: Frame, sums: readonly Sums[]): Code {
  const bias = i32.add(f.biases.get, i32.mul(f.column.get, FLOAT));
  return sequence(
    ...sums.flatMap(([left, right]) => [left.set(v128.load(bias)), right.set(v128.load(bias, 16))]),
  );
}

/** What the output holds; of the last panel also what lies behind, which is not written back. */
function writeStartFromOutput(f: Frame, sums: readonly Sums[]): Code {
  const rowBytes = i32.mul(f.O.get, FLOAT);
  return sequence(
    ...sums.flatMap(([left, right], m) => {
      const place = i32.add(f.target.get, i32.mul(rowBytes, i32.const(m)));
      return [left.set(v128.load(place)), right.set(v128.load(place, 16))];
    }),
  );
}

/** `count` rows from `row` on, times one panel, plus the biases or what was there. */
function writeBlock(f: Frame, count: number, { hasFma, adds }: LinearOptions): Code {
  const sums = f.sums.slice(0, count);
  const rowStart = (m: number): Code =>
    i32.add(f.x.get, i32.mul(i32.add(f.row.get, i32.const(m)), f.innerBytes.get));
  const place = i32.add(i32.mul(f.row.get, f.O.get), f.column.get);
  return sequence(
    ...f.pointers.slice(0, count).map((pointer, m) => pointer.set(rowStart(m))),
    f.target.set(i32.add(f.out.get, i32.mul(place, FLOAT))),
    adds ? writeStartFromOutput(f, sums) : writeStartFromBias(f, sums),
    writeProducts(f, count, hasFma),
    f.lane.set(i32.sub(f.O.get, f.column.get)),
    ...sums.map((pair) => writeStore(f, pair)),
  );
}

/** All rows of a chunk times one panel: six rows at a time, then one. */
function writePanel(f: Frame, options: LinearOptions): Code {
  const lastBlock = i32.sub(f.chunkEnd.get, i32.const(ROWS - 1));
  const panelBytes = i32.mul(f.innerBytes.get, i32.const(PANEL));
  return sequence(
    loop(
      f.row,
      { from: f.chunk.get, to: lastBlock, step: i32.const(ROWS) },
      writeBlock(f, ROWS, options),
    ),
    loop(f.row, { from: f.row.get, to: f.chunkEnd.get, step: ONE }, writeBlock(f, 1, options)),
    f.panelStart.set(i32.add(f.panelStart.get, panelBytes)),
  );
}

/** `adds`: to what the output holds, instead of to the biases. */
interface LinearOptions {
  readonly hasFma: boolean;
  readonly adds: boolean;
}

/**
 * linear(x, packed, out, N, I, O): out [N, O] = x [N, I] W + b with W and b packed; I is a multiple of 4.
 * The other form, addLinear, adds x W to the output and leaves the biases out.
 * @param hasFma multiply and add in one instruction, where the browser has relaxed SIMD
 */
export function writeLinear(hasFma: boolean, adds = false): WrittenFunction {
  const builder = new FunctionBuilder();
  const f = declareFrame(builder);
  const paddedO = i32.and(i32.add(f.O.get, i32.const(PANEL - 1)), i32.const(-PANEL));
  const isLastChunk = i32.lessThan(f.N.get, f.chunkEnd.get);
  const panels = { from: ZERO, to: f.O.get, step: i32.const(PANEL) };
  const runChunk = sequence(
    f.chunkEnd.set(i32.add(f.chunk.get, i32.const(CHUNK))),
    choose(isLastChunk, f.chunkEnd.set(f.N.get), []),
    f.panelStart.set(f.packed.get),
    loop(f.column, panels, writePanel(f, { hasFma, adds })),
  );
  const body = sequence(
    f.innerBytes.set(i32.mul(f.I.get, FLOAT)),
    f.biases.set(i32.add(f.packed.get, i32.mul(f.innerBytes.get, paddedO))),
    loop(f.chunk, { from: ZERO, to: f.N.get, step: i32.const(CHUNK) }, runChunk),
  );
  return { name: adds ? "addLinear" : "linear", builder, body };
}
