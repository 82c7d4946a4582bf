import fc from "fast-check";
import { gunzipSync, gzipSync, zipSync } from "fflate";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expandArchives } from "./archive";
import type { SourceFile } from "../read/source";

// The tars were written by test/fixtures/make_tars.py: Python's tarfile and GNU tar.
const fixture = (name: string): Uint8Array => readFileSync(`test/fixtures/${name}`);
const asFile = (path: string, bytes: Uint8Array): SourceFile => ({
  path,
  blob: new Blob([bytes.slice()]),
});

async function expandAll(...files: SourceFile[]): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for await (const file of expandArchives(files)) found.push(file);
  return found;
}

/** Path and text of each file, or the sentence with which it refuses. */
async function readAll(...files: SourceFile[]): Promise<[path: string, text: string][]> {
  const found = await expandAll(...files);
  const read = async ({ path, blob }: SourceFile): Promise<[string, string]> => {
    const text = await blob.text().catch((error: Error) => error.message);
    return [path, text];
  };
  return Promise.all(found.map(read));
}

const CAB = "37.75134 -122.39488 0 1213084687\n".repeat(40);
const LONG = `${"a-folder-with-a-name/".repeat(8)}käse-and-a-long-name.csv`;
const filesOf = (tar: string, long = LONG): [string, string][] => [
  [`${tar}/cabs/new_abboip.txt`, CAB],
  [`${tar}/cabs/empty.txt`, ""],
  [`${tar}/${long}`, "user,time,lat,lng\n"],
  [`${tar}/cabs/last.txt`, "x".repeat(512)],
];

/** Puts the right sum into a header that was changed. */
function sign(header: Uint8Array): void {
  header.fill(32, 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
}

describe("a tar", () => {
  it.each([
    ["ustar.tar", LONG.slice(-120)],
    ["gnu.tar", LONG],
    ["pax.tar.gz", LONG],
  ])("%s gives its files, with long names, without folders and links", async (name, long) => {
    expect(await readAll(asFile(name, fixture(name)))).toEqual(filesOf(name, long));
  });

  it("is read packed or plain, in a zip, with a zip or another tar inside", async () => {
    const gnu = fixture("gnu.tar");
    expect(await readAll(asFile("d/x.tgz", gzipSync(gnu)))).toEqual(filesOf("d/x.tgz"));
    expect(await readAll(asFile("x.tar", gunzipSync(fixture("pax.tar.gz"))))).toEqual(
      filesOf("x.tar"),
    );
    const zip = zipSync({ "in.tar": gnu, "in.tar.gz": fixture("pax.tar.gz") });
    expect(await readAll(asFile("a.zip", zip))).toEqual([
      ...filesOf("a.zip/in.tar"),
      ...filesOf("a.zip/in.tar.gz"),
    ]);
  });

  it("gives any range of a file as the file has it, in any order", async () => {
    const files = await expandAll(asFile("pax.tar.gz", fixture("pax.tar.gz")));
    const at = fc.integer({ min: -1500, max: 1500 });
    await fc.assert(
      fc.asyncProperty(fc.nat(3), at, at, async (n, from, to) => {
        const whole = filesOf("")[n]![1];
        expect(await files[n]!.blob.slice(from, to).text()).toBe(whole.slice(from, to));
      }),
      { numRuns: 40 },
    );
  });

  it("is unpacked once to be listed and once to be read, heads first", async () => {
    const blob = new Blob([fixture("pax.tar.gz").slice()]);
    let streams = 0;
    const stream = blob.stream.bind(blob);
    blob.stream = () => {
      streams++;
      return stream();
    };
    const files = await expandAll({ path: "pax.tar.gz", blob });
    const listed = streams;
    for (const file of files) {
      await file.blob.slice(0, 10).text();
      await file.blob.text();
    }
    expect(streams - listed).toBe(1);
  });

  it("says of a file with holes that it has some, and reads the others", async () => {
    expect(await readAll(asFile("sparse.tar", fixture("sparse.tar")))).toEqual([
      ["sparse.tar/holes.csv", expect.stringMatching(/stored with holes/)],
      ["sparse.tar/whole.csv", "whole\n"],
    ]);
  });

  it("reads sizes in base 256, as GNU tar writes those over 8 GB", async () => {
    const bytes = fixture("ustar.tar").slice();
    const size = (field: Uint8Array, value: number): void => {
      field.fill(0);
      field[0] = 0x80;
      new DataView(field.buffer, field.byteOffset).setUint32(8, value);
    };
    const header = bytes.subarray(512, 1024); // behind the folder
    size(header.subarray(124, 136), CAB.length);
    sign(header);
    expect(await readAll(asFile("x.tar", bytes))).toEqual(filesOf("x.tar", LONG.slice(-120)));
  });
});

describe("a tar is refused in one sentence", () => {
  const other = asFile("c.csv", new TextEncoder().encode("c"));

  it("where a header does not add up, and the other files come in", async () => {
    const bytes = fixture("gnu.tar").slice();
    bytes[512 + 3]! ^= 1;
    expect(await readAll(asFile("bad.tar", bytes), other)).toEqual([
      ["bad.tar", expect.stringMatching(/damaged or cut tar file: at byte 512 there is no header/)],
      ["c.csv", "c"],
    ]);
  });

  it("where it is cut anywhere, even between two files", async () => {
    const bytes = fixture("gnu.tar");
    const end = bytes.findLastIndex((byte) => byte !== 0) + 1; // of the link, a header alone
    const endBlock = Math.ceil(end / 512) * 512 + 512;
    for (const step of [61, 512]) {
      for (let length = step; length < endBlock; length += step) {
        const [[path, text] = []] = await readAll(asFile("cut.tar", bytes.slice(0, length)));
        expect([path, text]).toEqual(["cut.tar", expect.stringMatching(/damaged or cut tar file/)]);
      }
    }
    expect(await readAll(asFile("cut.tar", bytes.slice(0, endBlock)))).toHaveLength(4);
    const packed = fixture("pax.tar.gz").slice(0, 200);
    expect((await readAll(asFile("cut.tgz", packed)))[0]![1]).toMatch(/damaged or cut/);
  });

  it("where it is packed otherwise, or a bomb", async () => {
    const bzip2 = asFile("a.tar.bz2", new TextEncoder().encode("BZh91AY&SY"));
    expect((await readAll(bzip2))[0]![1]).toMatch(/compressed with bzip2: expected a tar/);
    const first = fixture("gnu.tar").slice(0, 512);
    first.set(new TextEncoder().encode("77777777777"), 124);
    first[156] = 48;
    sign(first);
    const both = new Uint8Array(70 * 2 ** 20);
    both.set(first);
    expect((await readAll(asFile("bomb.tar.gz", gzipSync(both))))[0]![1]).toMatch(/zip bomb/);
  });

  it("of random changed bytes, without an end or another kind of error", async () => {
    const bytes = fixture("gnu.tar");
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const broken = bytes.slice();
        for (const [at, byte] of changes) broken[at] = byte;
        for (const { blob } of await expandAll(asFile("r.tar", broken))) {
          const error: unknown = await blob.text().catch((thrown: unknown) => thrown);
          if (typeof error !== "string") expect(error).toMatchObject({ code: "bad-file" });
        }
      }),
      { numRuns: 50 },
    );
  });
});
