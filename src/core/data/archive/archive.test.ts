import fc from "fast-check";
import { zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { expandArchives } from "./archive";
import { createRandom } from "../../random";
import type { SourceFile } from "../read/source";
import { toZip64 } from "./zip.testing";

const encode = (text: string) => new TextEncoder().encode(text);

function asFile(path: string, bytes: Uint8Array): SourceFile {
  return { path, blob: new Blob([bytes.slice()]) };
}

const zipped = (path: string, content: Zippable) => asFile(path, zipSync(content));

async function expandAll(...files: SourceFile[]): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for await (const file of expandArchives(files)) found.push(file);
  return found;
}

/** Path and text of each file, or the sentence with which it refuses. */
async function readAll(...files: SourceFile[]): Promise<[path: string, text: string][]> {
  const read = async ({ path, blob }: SourceFile): Promise<[string, string]> => {
    const text = await blob.text().catch((error: Error) => error.message);
    return [path, text];
  };
  return Promise.all((await expandAll(...files)).map(read));
}

const LINES = "1,2,3\n".repeat(50_000);

describe("expandArchives", () => {
  it("gives other files as they are and a zip's entries in its order", async () => {
    const plain = asFile("drop/a.csv", encode("a"));
    const zip = zipped("drop/b.zip", {
      "f/y.txt": encode("y"),
      "x.csv": encode("x"),
      "f/": new Uint8Array(0),
    });
    expect((await expandAll(plain))[0]).toBe(plain);
    expect(await readAll(plain, zip)).toEqual([
      ["drop/a.csv", "a"],
      ["drop/b.zip/f/y.txt", "y"],
      ["drop/b.zip/x.csv", "x"],
    ]);
  });

  it("reads stored and deflated entries, a zip in a zip, and an empty zip", async () => {
    const inner = zipSync({ "deep.csv": encode(LINES) });
    const zip = zipped("a.zip", {
      "stored.csv": [encode(LINES), { level: 0 }],
      "inner.zip": [inner, { level: 0 }],
      "packed.ZIP": [inner, { level: 9 }],
    });
    expect(await readAll(zip, zipped("empty.zip", {}))).toEqual([
      ["a.zip/stored.csv", LINES],
      ["a.zip/inner.zip/deep.csv", LINES],
      ["a.zip/packed.ZIP/deep.csv", LINES],
    ]);
  });

  it("leaves out what systems hide in folders and zips, but not a single chosen file", async () => {
    const zip = zipped("a.zip", {
      "__MACOSX/._x.csv": encode("m"),
      ".DS_Store": encode("d"),
      "x.csv": encode("x"),
    });
    const hidden = asFile("drop/.hidden.csv", encode("h"));
    expect(await readAll(zip, hidden, asFile("drop/Thumbs.db", encode("t")))).toEqual([
      ["a.zip/x.csv", "x"],
    ]);
    expect(await readAll(hidden)).toEqual([["drop/.hidden.csv", "h"]]);
  });

  it("reads sizes and positions of 64 bits, behind other bytes too", async () => {
    const bytes = zipSync({ "a.csv": encode(LINES), "b.csv": encode("b") });
    const wide = toZip64(bytes);
    const expected = [
      ["z.zip/a.csv", LINES],
      ["z.zip/b.csv", "b"],
    ];
    expect(await readAll(asFile("z.zip", wide))).toEqual(expected);
  });

  it("gives any range of an entry as the entry has it", async () => {
    const content = Uint8Array.from({ length: 30_000 }, (_, i) => (i * i) >> 8);
    const [file] = await expandAll(zipped("a.zip", { "a.bin": content }));
    const at = fc.integer({ min: -32_000, max: 32_000 });
    await fc.assert(
      fc.asyncProperty(at, at, async (from, to) => {
        const part = new Uint8Array(await file!.blob.slice(from, to).arrayBuffer());
        expect(part).toEqual(content.slice(from, to));
        expect(file!.blob.slice(from, to).size).toBe(part.length);
      }),
      { numRuns: 30 },
    );
  });

  it("unpacks no more than what is asked for", async () => {
    const { integer } = createRandom(123, "zip");
    const random = Uint8Array.from({ length: 3_000_000 }, () => integer(200));
    const zip = zipSync({ "a.bin": random });
    const blob = new Blob([zip]);
    let asked = 0;
    const slice = blob.slice.bind(blob);
    blob.slice = (from = 0, to = blob.size) => {
      asked += Math.min(to, blob.size) - from;
      return slice(from, to);
    };
    const [file] = await expandAll({ path: "a.zip", blob });
    await file!.blob.slice(0, 1000).arrayBuffer();
    // the whole only as a view, then one window for the header and one piece of it
    expect(asked).toBeLessThan(zip.length + 2 ** 20 + 2 ** 17);
    const reader = file!.blob.stream().getReader();
    const { value } = await reader.read();
    expect(value!.length).toBeLessThan(random.length / 4);
    await reader.cancel();
  });

  it("stops", async () => {
    const work = expandArchives([zipped("a.zip", { "a.csv": encode("a") })], AbortSignal.abort());
    await expect(work.next()).rejects.toThrow(/stopped/);
  });

  it("hands RAW's arrays over in pairs, after all other files", async () => {
    const names = ["d/data_0.npy", "d/uid_0.npy", "d/other.npy", "d/uid_7.npy", "d/a.csv"];
    const found = await expandAll(...names.map((name) => asFile(name, encode(name))));
    expect(found.map(({ path, companion }) => [path, companion?.path])).toEqual([
      ["d/a.csv", undefined],
      ["d/data_0.npy", "d/uid_0.npy"],
      ["d/other.npy", undefined],
      ["d/uid_7.npy", undefined],
    ]);
  });
});

describe("expandArchives refuses in one sentence", () => {
  /** Bytes of the one entry's records: its own header lies at 0, its place in the directory is searched. */
  function patched(content: Zippable, patch: (view: DataView, directoryAt: number) => void) {
    const bytes = zipSync(content).slice();
    const view = new DataView(bytes.buffer);
    const at = bytes.length - 22;
    patch(view, view.getUint32(at + 16, true));
    return asFile("bad.zip", bytes);
  }
  const one = { "a.csv": encode("1,2\n") };

  it("encrypted entries and methods that it does not know, by name, and reads the others", async () => {
    const encrypted = patched({ ...one, "b.csv": encode("b") }, (view, at) =>
      view.setUint16(at + 8, 1, true),
    );
    expect(await readAll(encrypted)).toEqual([
      ["bad.zip/a.csv", expect.stringMatching(/bad.zip\/a.csv is encrypted/)],
      ["bad.zip/b.csv", "b"],
    ]);
    const lzma = patched(one, (view, at) => view.setUint16(at + 10, 14, true));
    expect((await readAll(lzma))[0]![1]).toMatch(/packed with LZMA; expected deflate/);
    const unknown = patched(one, (view, at) => view.setUint16(at + 10, 77, true));
    expect((await readAll(unknown))[0]![1]).toMatch(/packed with method 77/);
  });

  it("zip bombs: by ratio, by nesting, by entries on top of one another", async () => {
    const zeros = new Uint8Array(70 * 2 ** 20);
    expect(await readAll(zipped("bomb.zip", { "0.csv": zeros }))).toEqual([
      [
        "bomb.zip",
        expect.stringMatching(
          /would unpack to 73.4 MB or more from 0.1 MB: it looks like a zip bomb/,
        ),
      ],
    ]);
    const inner = zipSync({ "0.csv": zeros.subarray(0, 40 * 2 ** 20) });
    const nested = await readAll(zipped("two.zip", { "1.zip": inner, "2.zip": inner }));
    expect(nested.map(([path]) => path)).toEqual(["two.zip/1.zip/0.csv", "two.zip/2.zip"]);
    expect(nested[1]![1]).toMatch(/zip bomb/);
    const deep = [1, 2, 3].reduce((zip) => zipSync({ "z.zip": zip }), zipSync(one));
    expect((await readAll(asFile("deep.zip", deep)))[0]![1]).toMatch(/an archive in 3 archives/);
    const overlapping = patched({ ...one, "b.csv": encode("b") }, (view, at) => {
      view.setUint32(at + 46 + 5 + 42, 0, true);
    });
    expect((await readAll(overlapping))[0]![1]).toMatch(/lies inside another entry/);
  });

  it("an entry that holds more, or other bytes, than the directory says", async () => {
    const more = patched({ "a.csv": encode(LINES) }, (view, at) =>
      view.setUint32(at + 24, 9, true),
    );
    expect((await readAll(more))[0]![1]).toMatch(/a.csv is damaged: it holds more than/);
    const other = patched(one, (view, at) => view.setUint32(at + 16, 1, true));
    expect((await readAll(other))[0]![1]).toMatch(/fails its checksum/);
    const less = patched(one, (view, at) => view.setUint32(at + 24, 99, true));
    expect((await readAll(less))[0]![1]).toMatch(/ends too early/);
  });

  it("Office documents and parts of split zips", async () => {
    const office = zipped("book.xlsx", { "[Content_Types].xml": encode("<a/>") });
    expect((await readAll(office))[0]![1]).toMatch(/save the sheet as CSV/);
    const part = zipSync(one).slice();
    part[part.length - 18] = 2;
    expect((await readAll(asFile("x.zip", part)))[0]![1]).toMatch(/one part of a zip/);
  });

  it("a zip cut anywhere, naming it, while other files come in", async () => {
    const bytes = zipSync({ "a.csv": encode(LINES), "b.csv": encode("b") });
    const other = asFile("c.csv", encode("c"));
    for (let length = 22; length < bytes.length; length++) {
      const read = await readAll(asFile("cut.zip", bytes.slice(0, length)), other);
      expect(read).toEqual([
        ["cut.zip", expect.stringMatching(/cut.zip is a damaged or cut zip file/)],
        ["c.csv", "c"],
      ]);
    }
  });

  it("random and changed bytes, without an end or another kind of error", async () => {
    const bytes = zipSync({ "a.csv": encode(LINES), "b.csv": encode("b") });
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const broken = bytes.slice();
        for (const [at, byte] of changes) broken[at] = byte;
        const files = await expandAll(asFile("r.zip", broken));
        for (const { blob } of files) {
          const error: unknown = await blob.text().catch((thrown: unknown) => thrown);
          if (typeof error !== "string") expect(error).toMatchObject({ code: "bad-file" });
        }
      }),
    );
  });
});
