// Makes tokenisers.json: what Hugging Face's own library reads out of our tokenizer.json files.
//   python3 -m venv /tmp/hf && /tmp/hf/bin/pip install tokenizers==0.23.2
//   node test/reference/tokenisers.mjs /tmp/hf/bin/python
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { build } from "esbuild";

const source = `
import { cellToParent, gridDisk } from "h3-js";
import { CellTableBuilder } from "./src/core/geo/cells";
import { createDigits } from "./src/core/token/digits";
import { withExtras } from "./src/core/token/extras";
import { createFlat } from "./src/core/token/flat";
import { trainWordpiece } from "./src/core/token/wordpiece";
import { finish } from "./src/core/pace";
const hashes = gridDisk("882e601a5dfffff", 12);
const builder = new CellTableBuilder();
hashes.forEach((hash) => builder.add(hash));
const cells = builder.build();
const sample = hashes.filter((_, n) => n % 12 === 0);
const digits = createDigits({ parents: 6, groups: [1, 1] }, cells);
const flat = createFlat(cells);
const wordpiece = await finish(trainWordpiece(cells, { vocabularySize: 100 }));
const outside = "8828308281fffff"; // San Francisco
const text = (tokeniser, hash) => {
  const one = new CellTableBuilder();
  one.add(hash);
  return Array.from(tokeniser.encodeCells(one.build()).tokens, (id) => tokeniser.vocabulary[id]).join(" ");
};
const extended = withExtras(digits, { users: 3, times: "week" });
const marked = ["[USER:2]", ...sample.slice(0, 3).flatMap((hash, n) => ["[TIME:Mon07]", "[TIME:Wed12]", "[TIME:Sun23]"][n] + " " + text(digits, hash))];
console.log(JSON.stringify([
  { kind: "digits", document: digits.toJson(), hashes: sample, texts: sample.map((hash) => text(digits, hash)) },
  { kind: "flat", document: flat.toJson(), hashes: [...sample, outside], texts: [...sample, outside] },
  { kind: "wordpiece", document: wordpiece.toJson(), hashes: [...sample, outside], texts: [...sample, outside] },
  { kind: "digits", document: extended.toJson(), hashes: sample, texts: sample.map((hash) => text(digits, hash)), marked: marked.join(" ") },
]));
`;

const python = `
import json, sys
from tokenizers import Tokenizer
cases = json.load(sys.stdin)
for case in cases:
    tokenizer = Tokenizer.from_str(json.dumps(case.pop("document")))
    encoded = [tokenizer.encode(text, add_special_tokens=False) for text in case["texts"]]
    case["ids"] = [e.ids for e in encoded]
    case["row"] = tokenizer.encode(" ".join(case["texts"][:3])).ids
    if "marked" in case:
        row = tokenizer.encode(case["marked"]).ids
        case["marked"] = {"ids": row, "plain": tokenizer.decode(row)}
    case["resaved"] = json.loads(tokenizer.to_str())
print(json.dumps(cases))
`;

const bundled = await build({
  stdin: { contents: source, resolveDir: process.cwd(), loader: "ts" },
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
  packages: "external",
});
const ran = spawnSync("node", ["--input-type=module", "-e", bundled.outputFiles[0].text]);
const read = spawnSync(process.argv[2] ?? "python3", ["-c", python], { input: ran.stdout });
if (read.status !== 0) throw new Error(String(ran.stderr) + String(read.stderr));
const cases = JSON.parse(read.stdout).map(({ kind, hashes, ids, row, marked, resaved }) => {
  return { kind, hashes, ids, row, marked, resaved };
});
writeFileSync("test/reference/tokenisers.json", `${JSON.stringify(cases)}\n`);
