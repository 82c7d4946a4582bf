import { KEY_STEPS, MULTIPLIERS, ROUNDS } from "../../tokenise/philox";
import type { Code, Local, WrittenFunction } from "../assembler";
import { FunctionBuilder, choose, f32, i32, loop, sequence, v128 } from "../assembler";

/** Values that are decided together: four counters of the generator, eight half words each. */
const GROUP = 32;

type Four = readonly [Local, Local, Local, Local];

/** What the generator works on: counters of four blocks side by side, its key, and the products of a round. */
interface Generator {
  readonly c: Four;
  readonly key: readonly [Local, Local];
  readonly wide: readonly [Local, Local];
  readonly low: Local;
  readonly round: Local;
}

/** The products of four words with a constant: upper halves to `high`, lower ones to `g.low`. */
function writeWide(g: Generator, word: Local, multiplier: number, high: Local): Code {
  const constant = v128.constInteger(multiplier | 0);
  const [first, last] = [g.wide[0].get, g.wide[1].get];
  return sequence(
    g.wide[0].set(v128.multiplyWide(word.get, constant, false)),
    g.wide[1].set(v128.multiplyWide(word.get, constant, true)),
    g.low.set(v128.pick(first, last, [0, 2, 4, 6])),
    high.set(v128.pick(first, last, [1, 3, 5, 7])),
  );
}

/** Philox4x32-10 of four counters at once. */
function writePhilox(g: Generator): Code {
  const [c0, c1, c2, c3] = g.c;
  const join = (a: Local, b: Local, key: Local): Code => v128.xor(v128.xor(a.get, b.get), key.get);
  const oneRound = sequence(
    writeWide(g, c0, MULTIPLIERS[0], c0), // upper half in c0, lower one waits in `low`
    c3.set(join(c0, c3, g.key[1])), // becomes c2
    c0.set(g.low.get), // becomes c3
    writeWide(g, c2, MULTIPLIERS[1], c2),
    c2.set(join(c2, c1, g.key[0])), // becomes c0
    c1.set(g.low.get),
    g.wide[0].set(c0.get),
    c0.set(c2.get),
    c2.set(c3.get),
    c3.set(g.wide[0].get),
    ...g.key.map((key, n) =>
      key.set(v128.addIntegers(key.get, v128.constInteger(KEY_STEPS[n as 0 | 1] | 0))),
    ),
  );
  const range = { from: i32.const(0), to: i32.const(ROUNDS), step: i32.const(1) };
  return loop(g.round, range, oneRound);
}

/** The four words of each block side by side, instead of those of four blocks. */
function writeTurn({ c, wide, low }: Generator): Code {
  const [c0, c1, c2, c3] = c;
  const pairs = (a: Local, b: Local, isLast: boolean): Code =>
    v128.pick(a.get, b.get, isLast ? [2, 6, 3, 7] : [0, 4, 1, 5]);
  const join = (a: Local, b: Local, isLast: boolean): Code =>
    v128.pick(a.get, b.get, isLast ? [2, 3, 6, 7] : [0, 1, 4, 5]);
  return sequence(
    wide[0].set(pairs(c0, c1, false)),
    wide[1].set(pairs(c0, c1, true)),
    low.set(pairs(c2, c3, false)),
    c3.set(pairs(c2, c3, true)),
    c0.set(join(wide[0], low, false)),
    c1.set(join(wide[0], low, true)),
    c2.set(join(wide[1], c3, false)),
    c3.set(join(wide[1], c3, true)),
  );
}

/**
 * dropout(x, out, first, end, threshold, seed, step, pass, site, scale): the values first to end (not included)
 * of a tensor, which begin at x, times 0 where their half word is below the threshold, else times the scale:
 * the same as `dropoutFactors`. `first` is a multiple of 4.
 */
export function writeDropout(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, out, first, end, threshold, seed, step, pass, site] = Array.from({ length: 9 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const scale = builder.floatParameter();
  const [group, at, place] = [builder.integer(), builder.integer(), builder.integer()];
  const vector = (): Local => builder.vector();
  const generator: Generator = {
    c: [vector(), vector(), vector(), vector()],
    key: [vector(), vector()],
    wide: [vector(), vector()],
    low: vector(),
    round: builder.integer(),
  };
  const [c0, c1, c2, c3] = generator.c;
  const factor = generator.low;
  const [source, target] = [i32.add(x.get, place.get), i32.add(out.get, place.get)];
  const whole = v128.store(target, v128.mul(v128.load(source), factor.get));
  const rest = [0, 1, 2].map((lane) => {
    const value = f32.mul(f32.load(source, 4 * lane), v128.lane(factor.get, lane));
    const isThere = i32.lessThan(i32.add(at.get, i32.const(lane)), end.get);
    return choose(isThere, f32.store(target, value, 4 * lane), []);
  });
  const writeFour = (block: Local, isLast: boolean, n: number): Code => {
    const kept = v128.widen(v128.areHalvesFrom(block.get, threshold.get), isLast);
    const isWhole = i32.lessThan(i32.add(at.get, i32.const(3)), end.get);
    return sequence(
      at.set(i32.add(group.get, i32.const(4 * n))),
      place.set(i32.mul(i32.sub(at.get, first.get), i32.const(4))),
      factor.set(v128.and(kept, v128.splat(scale.get))),
      choose(i32.lessThan(at.get, first.get), [], choose(isWhole, whole, sequence(...rest))),
    );
  };
  const block = v128.splatInteger(i32.shiftRight(group.get, 3));
  const runGroup = sequence(
    c0.set(v128.addIntegers(block, v128.constIntegers([0, 1, 2, 3]))),
    c1.set(v128.splatInteger(site.get)),
    c2.set(v128.splatInteger(pass.get)),
    c3.set(v128.constInteger(0)),
    generator.key[0].set(v128.splatInteger(seed.get)),
    generator.key[1].set(v128.splatInteger(step.get)),
    writePhilox(generator),
    writeTurn(generator),
    ...generator.c.flatMap((one, n) => [
      writeFour(one, false, 2 * n),
      writeFour(one, true, 2 * n + 1),
    ]),
  );
  const start = i32.and(first.get, i32.const(-GROUP));
  const body = loop(group, { from: start, to: end.get, step: i32.const(GROUP) }, runGroup);
  return { name: "dropout", builder, body };
}
