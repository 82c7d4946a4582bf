import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readTruths } from "./table-truths";

it.each([
  ["5", /expected an object such as .* got 5/],
  ['[{"file": "a.tif"}]', /expected an object such as/],
  ['{"trees": null}', /"trees": expected one of .* with a "file"/],
  ['{"bushes": {"file": "a.tif"}}', /"bushes": expected one of population/],
  ["trees: a.tif", /is not JSON/],
])("refuses truths that are %s in a sentence", async (text, sentence) => {
  const path = join(await mkdtemp(join(tmpdir(), "footfall-truths-")), "truths.json");
  await writeFile(path, text);
  await expect(readTruths({ truths: path })).rejects.toThrow(sentence);
});
