import { describe, expect, test } from "vitest";
import type { FolderReader } from "../model/folder";
import { openLabelFolder, writeLabelFolder } from "../model/label-folder";
import { storedFolder } from "./labels.testing";

/** A stored folder with changes to its config.json. */
async function altered(name: string, changes: object): Promise<FolderReader> {
  const disk = storedFolder(name);
  const json = new TextDecoder().decode(await disk.read("config.json"));
  const text = JSON.stringify({ ...(JSON.parse(json) as object), ...changes });
  const read = (path: string): Promise<Uint8Array | undefined> =>
    path === "config.json" ? Promise.resolve(new TextEncoder().encode(text)) : disk.read(path);
  return { name, read };
}

describe("folders of adapted models", () => {
  test.each([
    ["labels-classes", "cls"],
    ["labels-targets", "cls"],
    ["labels-averaged", "mean"],
    ["labels-compared", "pair"],
  ])("%s comes back as it was", async (name, pooling) => {
    const opened = await openLabelFolder(storedFolder(name));
    const files = writeLabelFolder(opened);
    const read = (path: string): Promise<Uint8Array | undefined> =>
      Promise.resolve(files.get(path));
    const again = await openLabelFolder({ name, read });
    expect(again.task).toEqual(opened.task);
    expect(again.scale).toEqual(opened.scale);
    expect([opened.pooling, again.pooling]).toEqual([pooling, pooling]);
    expect(again.tensors).toEqual(opened.tensors);
  });

  test("tells classes with their names, and the scale of targets", async () => {
    const { task, scale } = await openLabelFolder(storedFolder("labels-classes"));
    expect(task).toEqual({
      kind: "classes",
      count: 3,
      names: ["answer 0", "answer 1", "answer 2"],
    });
    expect(scale).toBeUndefined();
    const targets = await openLabelFolder(storedFolder("labels-targets"));
    expect(targets.task.kind).toBe("targets");
    expect(targets.scale!.means[0]).toBeGreaterThan(30); // drawn around 50
    expect(targets.scale!.deviations[1]).toBeLessThan(1); // drawn with 0.1
  });

  test("a model made elsewhere answers in its own unit", async () => {
    const { scale } = await openLabelFolder(await altered("labels-targets", { footfall: {} }));
    expect(scale).toEqual({ means: [0, 0], deviations: [1, 1] });
  });

  test.each([
    [{ id2label: {} }, /"id2label" names no answers/],
    [
      { id2label: { 0: "only" } },
      /"classifier.weight" is \[3, 16\], config.json asks for \[1, 16\]/,
    ],
    [{ problem_type: "multi_label_classification" }, /"problem_type" is "multi_label/],
  ])("refuses %o", async (changes, sentence) => {
    const opening = openLabelFolder(await altered("labels-classes", changes));
    const message = expect.stringMatching(sentence) as string;
    await expect(opening).rejects.toMatchObject({ code: "weights-mismatch", message });
  });
});
