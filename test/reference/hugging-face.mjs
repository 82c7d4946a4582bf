// Makes hugging-face-folder.json: what Hugging Face's transformers makes of a folder that we wrote, by from_pretrained.
//   python3 -m venv /tmp/hf && /tmp/hf/bin/pip install transformers==5.18.0 torch
//   node test/reference/hugging-face.mjs /tmp/hf/bin/python
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const source = `
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CellTableBuilder } from "./src/core/geo/cells";
import { HASHES, makeSmallFolder } from "./src/core/model/small-folder.testing";
const [, , folder] = process.argv;
const { tokeniser, files } = makeSmallFolder();
for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
const builder = new CellTableBuilder();
HASHES.forEach((hash) => builder.add(hash));
const { tokens } = tokeniser.encodeCells(builder.build());
console.log(Array.from(tokens, (id) => tokeniser.vocabulary[id]).join(" "));
`;

const python = `
import json, sys, torch, transformers
from transformers import AutoModelForMaskedLM, AutoTokenizer
folder, text = sys.argv[1:]
model, about = AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
assert not any(about.values()), about
ids = AutoTokenizer.from_pretrained(folder)(text).input_ids
logits = model.eval()(torch.tensor([ids])).logits[0].tolist()
versions = {"transformers": transformers.__version__, "torch": torch.__version__}
print(json.dumps({"versions": versions, "text": text, "ids": ids, "logits": [[round(x, 6) for x in row] for row in logits]}))
`;

const folder = mkdtempSync(join(tmpdir(), "footfall-hugging-face-"));
function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}
const { outputFiles } = await build({
  stdin: { contents: source, resolveDir: process.cwd(), loader: "ts" },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  packages: "external",
});
const script = join(process.cwd(), "build", "hugging-face.mjs"); // below node_modules, for its imports
writeFileSync(script, outputFiles[0].text);
const text = run(process.execPath, [script, folder]);
const found = run(process.argv[2], ["-c", python, folder, text]);
writeFileSync("test/reference/hugging-face-folder.json", `${found.split("\n").at(-1)}\n`);
rmSync(script);
rmSync(folder, { recursive: true });
