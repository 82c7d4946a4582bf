import { expect, test } from "vitest";
import { modelKey } from "./open-model";

const fileOf = (path: string, content: string) => ({ path, blob: new Blob([content]) });

test("a model is the same with a card beside it, and another with other weights", () => {
  const files = [fileOf("run/config.json", "{}"), fileOf("run/model.safetensors", "weights")];
  const keyOf = (given: typeof files) => modelKey({ source: "folder", name: "run", files: given });
  expect(keyOf([...files, fileOf("run/README.md", "a card")])).toBe(keyOf(files));
  expect(keyOf([files[0]!, fileOf("run/model.safetensors", "others!!")])).not.toBe(keyOf(files));
});
