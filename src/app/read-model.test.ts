import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { readModel } from "./read-model";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const GPT = '{"model_type": "footfall-gpt"}';

test("a GPT on points is known by its config.json and needs no tokeniser, in a zip or as files", async () => {
  const files = { "run/config.json": bytes(GPT), "run/model.safetensors": bytes("") };
  const zip = new File([zipSync(files)], "gpt.zip");
  expect(await readModel([zip])).toMatchObject({
    name: "gpt.zip",
    isOfPoints: true,
    isAdapted: false,
  });
  const plain = Object.entries(files).map(([path, content]) => {
    return new File([content], path.slice(4));
  });
  expect((await readModel(plain)).files.map(({ path }) => path)).toEqual([
    "config.json",
    "model.safetensors",
  ]);
  await expect(readModel(plain.slice(0, 1))).rejects.toThrow(
    "no model folder: model.safetensors missing; expected config.json, model.safetensors",
  );
  const adapted = new File(['{"architectures": ["BertForSequenceClassification"]}'], "config.json");
  const whole = [adapted, plain[1]!, new File(["{}"], "tokenizer.json")];
  expect(await readModel(whole)).toMatchObject({ isOfPoints: false, isAdapted: true });
  const bert = [new File(["{}"], "config.json"), plain[1]!];
  await expect(readModel(bert)).rejects.toThrow("tokenizer.json missing");
});
