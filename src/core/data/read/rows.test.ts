import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LONGEST_LINE, RowScanner } from "./rows";

const COMMA = { delimiter: 44, lineEnd: 10 };
const encoder = new TextEncoder();

interface Row {
  line: number;
  fields: string[];
}

/** All rows of a text that comes in pieces of some bytes. */
function scan(text: string | Uint8Array, size = 1 << 16, shape = COMMA): Row[] {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const scanner = new RowScanner(shape, 64);
  const rows: Row[] = [];
  const take = () => {
    while (scanner.next()) rows.push({ line: scanner.line, fields: scanner.texts() });
  };
  for (let at = 0; at < bytes.length; at += size) {
    scanner.push(bytes.subarray(at, at + size));
    take();
  }
  scanner.finish();
  take();
  return rows;
}

const fieldsOf = (rows: readonly Row[]) => rows.map(({ fields }) => fields);

describe("RowScanner", () => {
  it("undoes quotes, also with the delimiter, quotes and line feeds inside, whatever the pieces", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ", "ü") });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), fc.boolean(), (table, size, isDos) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const end = isDos ? "\r\n" : "\n";
        const text = table.map((row) => row.map(quote).join(",")).join(end);
        expect(fieldsOf(scan(text, size))).toEqual(table);
        expect(fieldsOf(scan(text + end, size))).toEqual(table);
      }),
    );
  });

  it("gives the same rows whatever the pieces, for any bytes", () => {
    const mark = fc.constantFrom(...Array.from('ab,;\n\r" \0')).map((text) => text.charCodeAt(0));
    const bytes = fc.array(mark, { maxLength: 60 }).map((codes) => Uint8Array.from(codes));
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 9 }), (text, size) => {
        expect(scan(text, size)).toEqual(scan(text));
      }),
    );
  });

  it("counts lines as an editor does", () => {
    const rows = scan('a,b\n"x\ny",1\n\nc,d\n');
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
  });

  it("takes a quote that closes nowhere as a character", () => {
    const rest = Array.from({ length: 9000 }, () => "a,b,c,d,e,f");
    const rows = fieldsOf(scan(['"Mo" Brown,1', 'x,"open', ...rest].join("\n")));
    expect(rows[0]).toEqual(['"Mo" Brown', "1"]);
    expect(rows[1]).toEqual(["x", '"open']);
    expect(rows.length).toBe(9002);
  });

  it("passes over a line without end in bounded memory, and goes on behind it", () => {
    const scanner = new RowScanner(COMMA, 4);
    const piece = encoder.encode("x".repeat(1 << 16));
    for (let at = 0; at < 4 * LONGEST_LINE; at += piece.length) {
      scanner.push(piece);
      expect(scanner.next()).toBe(false);
      expect(scanner.bytes.length).toBeLessThan(2 * LONGEST_LINE);
    }
    scanner.push(encoder.encode("\na,b\n"));
    expect([scanner.next(), scanner.isTooLong, scanner.line]).toEqual([true, true, 1]);
    expect([scanner.next(), scanner.isTooLong, scanner.line]).toEqual([true, false, 2]);
    expect(scanner.texts()).toEqual(["a", "b"]);
  });

  it("reads old Macintosh files", () => {
    expect(fieldsOf(scan("a,b\rc,d\r", 1, { delimiter: 44, lineEnd: 13 }))).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });
});
