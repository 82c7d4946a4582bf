import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitFields } from "./csv";

describe("splitFields", () => {
  it("undoes quotes, with the delimiter and quotes inside", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', " ") });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 4 }), (fields) => {
        const record = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
        expect(splitFields(`${record}\r`, ",")).toEqual(fields);
      }),
    );
  });
});
