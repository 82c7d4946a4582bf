import { readFileSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { decodeLand } from "../world/land";
import { examplesSection, papersPage } from "./pages.testing";

const asWritten = (text: string): Promise<string> =>
  format(text, { parser: "markdown", printWidth: 100 });

/** `vitest run -u` on this file writes the pages. */
test("docs/papers.md is what the data say", async () => {
  const land = decodeLand(readFileSync("public/data/land-r8.bin")).cells;
  await expect(await asWritten(papersPage(land))).toMatchFileSnapshot("../../../docs/papers.md");
});

test("docs/metrics.md ends with the worked examples", async () => {
  const page = readFileSync("docs/metrics.md", "utf8");
  const above = page.split("## Worked examples")[0]!.trimEnd();
  const whole = await asWritten(`${above}\n\n${examplesSection()}`);
  await expect(whole).toMatchFileSnapshot("../../../docs/metrics.md");
});
