import type { Local, WrittenFunction } from "../assembler";
import { FunctionBuilder, choose, f32, i32, loop, sequence, v128 } from "../assembler";
import { PANEL, declarePacking } from "../linear.wasm";

const ZERO = i32.const(0);
const ONE = i32.const(1);
const FLOAT = i32.const(4);
const VECTOR = i32.const(16);

/**
 * transpose(from, fromRow, to, toRow, rows, columns): to[c][r] = from[r][c]; strides in bytes. Writes run along
 * the target, so that reads come back to a line while it is near.
 */
export function writeTranspose(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [from, fromRow, to, toRow, rows, columns] = Array.from({ length: 6 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local];
  const [column, row, source] = [builder.integer(), builder.integer(), builder.integer()];
  const rowBytes = i32.mul(rows.get, FLOAT);
  const copyRow = sequence(
    f32.store(i32.add(to.get, row.get), f32.load(source.get)),
    source.set(i32.add(source.get, fromRow.get)),
  );
  const copyColumn = sequence(
    source.set(i32.add(from.get, i32.mul(column.get, FLOAT))),
    loop(row, { from: ZERO, to: rowBytes, step: FLOAT }, copyRow),
    to.set(i32.add(to.get, toRow.get)),
  );
  const body = loop(column, { from: ZERO, to: columns.get, step: ONE }, copyColumn);
  return { name: "transpose", builder, body };
}

/**
 * packTransposed(weight, bias, scratch, I, O, from, to): like packLinear, of a weight that lies as [O, I], which
 * is how PyTorch and Hugging Face keep it.
 */
export function writePackTransposed(): WrittenFunction {
  const builder = new FunctionBuilder();
  const f = declarePacking(builder);
  const [row, at, target, lane] = Array.from({ length: 4 }, () => builder.integer()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const [source, rowBytes] = [builder.integer(), builder.integer()];
  const panelStart = i32.mul(i32.sub(row.get, lane.get), rowBytes.get);
  const copyRow = sequence(
    lane.set(i32.and(row.get, i32.const(PANEL - 1))),
    target.set(i32.add(i32.add(f.scratch.get, i32.mul(lane.get, FLOAT)), panelStart)),
    source.set(i32.add(f.weight.get, i32.mul(row.get, rowBytes.get))),
    loop(
      at,
      { from: ZERO, to: rowBytes.get, step: FLOAT },
      sequence(
        f32.store(target.get, f32.load(i32.add(source.get, at.get))),
        target.set(i32.add(target.get, i32.const(PANEL * 4))),
      ),
    ),
  );
  const body = sequence(
    f.prepare,
    rowBytes.set(i32.mul(f.I.get, FLOAT)),
    loop(row, { from: f.from.get, to: f.to.get, step: ONE }, copyRow),
  );
  return { name: "packTransposed", builder, body };
}

/**
 * addColumns(x, sums, rows, rowBytes, bytes): adds every row of x to one row of sums, in the order of the rows;
 * of each row only so many bytes.
 */
export function writeAddColumns(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, sums, rows, rowBytes, bytes] = Array.from({ length: 5 }, () => builder.parameter()) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const [row, at] = [builder.integer(), builder.integer()];
  const target = i32.add(sums.get, at.get);
  const added = v128.add(v128.load(target), v128.load(i32.add(x.get, at.get)));
  const addRow = sequence(
    loop(at, { from: ZERO, to: bytes.get, step: VECTOR }, v128.store(target, added)),
    x.set(i32.add(x.get, rowBytes.get)),
  );
  const body = loop(row, { from: ZERO, to: rows.get, step: ONE }, addRow);
  return { name: "addColumns", builder, body };
}

/**
 * addRows(x, numbers, table, count, rowBytes, bytes, period): table[numbers[n]] += x[n], one after the other, so
 * that the same input gives the same bits; for address 0 of numbers, table[n modulo period] += x[n]. Of each row
 * only so many bytes.
 */
export function writeAddRows(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, numbers, table, count, rowBytes, bytes, period] = Array.from({ length: 7 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local];
  const [n, at, number, target] = Array.from({ length: 4 }, () => builder.integer()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const place = i32.add(target.get, at.get);
  const added = v128.add(v128.load(place), v128.load(i32.add(x.get, at.get)));
  const read = i32.load(i32.add(numbers.get, i32.mul(n.get, FLOAT)));
  const addRow = sequence(
    choose(numbers.get, number.set(read), number.set(i32.remainder(n.get, period.get))),
    target.set(i32.add(table.get, i32.mul(number.get, rowBytes.get))),
    loop(at, { from: ZERO, to: bytes.get, step: VECTOR }, v128.store(place, added)),
    x.set(i32.add(x.get, rowBytes.get)),
  );
  const body = loop(n, { from: ZERO, to: count.get, step: ONE }, addRow);
  return { name: "addRows", builder, body };
}

/**
 * embed(tokens, words, positions, type, out, rows, T, rowBytes, first): the sum of three rows for each token; the
 * first row stands at position `first`, which is below T, and position 0 follows after the last one.
 */
export function writeEmbed(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [tokens, words, positions, type, out, rows, T, rowBytes, first] = Array.from(
    { length: 9 },
    () => builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const [row, at, word, place] = Array.from({ length: 4 }, () => builder.integer()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const part = (start: Local): ReturnType<typeof v128.load> =>
    v128.load(i32.add(start.get, at.get));
  const token = i32.load(i32.add(tokens.get, i32.mul(row.get, FLOAT)));
  const placeBytes = i32.mul(T.get, rowBytes.get);
  const endOfPlaces = i32.add(positions.get, placeBytes);
  const embedRow = sequence(
    word.set(i32.add(words.get, i32.mul(token, rowBytes.get))),
    loop(
      at,
      { from: ZERO, to: rowBytes.get, step: VECTOR },
      v128.store(i32.add(out.get, at.get), v128.add(v128.add(part(word), part(place)), part(type))),
    ),
    out.set(i32.add(out.get, rowBytes.get)),
    place.set(i32.add(place.get, rowBytes.get)),
    choose(i32.lessThan(place.get, endOfPlaces), [], place.set(positions.get)),
  );
  const body = sequence(
    place.set(i32.add(positions.get, i32.mul(first.get, rowBytes.get))),
    loop(row, { from: ZERO, to: rows.get, step: ONE }, embedRow),
  );
  return { name: "embed", builder, body };
}
