import { expect, test } from "vitest";
import { finish } from "../pace";
import { hashLayer, restoreTruths } from "./adapt-truths";

const file = (path: string, text: string) => ({ path, blob: new Blob([text]) });
const hashOf = (...files: Parameters<typeof hashLayer>[0]): Promise<string> =>
  finish(hashLayer(files));

test("a layer keeps its hash under other names and in another order, and loses it with a byte", async () => {
  const hash = await hashOf(file("a.shp", "outlines"), file("a.dbf", "names"));
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(await hashOf(file("x.dbf", "names"), file("x.shp", "outlines"))).toBe(hash);
  expect(await hashOf(file("a.shp", "outlines"), file("a.dbf", "nameS"))).not.toBe(hash);
  expect(await hashOf(file("a.shp", "outlines"))).not.toBe(hash);
  const long = "x".repeat(2 ** 20); // one block and a bit
  expect(await hashOf(file("a", `${long}1`))).not.toBe(await hashOf(file("a", `${long}2`)));
  expect(await hashOf({ path: "/layers/a.tif" })).not.toBe(await hashOf({ path: "/layers/b.tif" }));
});

test("finds truths by their hashes; else says which file is another, or missing", () => {
  const trees = { title: "Trees", files: ["trees.tif"], hash: "t1" };
  const region = { title: "NAME_1", files: ["r.shp", "r.dbf"], hash: "r1" };
  const atHand = [
    { hash: "t1", files: ["maps/wood.tif"], layer: "the wood" },
    { hash: "r2", files: ["maps/r.shp"], layer: "other regions" },
  ];
  expect(restoreTruths({ trees, region }, atHand)).toEqual({
    truths: { trees: { layer: "the wood", of: trees } },
    problems: ["the manifest’s truth for region is another r.shp, r.dbf: hash r1 there, r2 here"],
  });
  expect(restoreTruths({ region }, atHand.slice(0, 1)).problems).toEqual([
    "the manifest’s truth for region, “NAME_1” of r.shp, r.dbf with the hash r1, is missing here: give that file with it",
  ]);
});
