import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readNpy } from "../../core/data/columnar/npy";
import { ROOT } from "../root";

const folder = mkdtempSync(join(tmpdir(), "footfall-windows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function footfall(...args: string[]) {
  const command = [join(ROOT, "src/cli/footfall.mjs"), "windows", ...args];
  return spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
}

/** Twenty people in Beijing who move on every quarter of an hour for five hours; one of them leaves. */
function writeCsv(): void {
  const rows = ["user,t,lat,lon"];
  for (let user = 0; user < 20; user++) {
    for (let n = 0; n < 20; n++) {
      const lng = user === 3 && n > 17 ? 120 : 116 + 0.01 * n;
      rows.push(`person-${user},${1_330_000_200 + 900 * n},39.9,${lng}`);
    }
  }
  writeFileSync(join(folder, "walks.csv"), rows.join("\n"));
}

test("points become windows with their box, and names stay inside", () => {
  writeCsv();
  const ran = footfall("walks.csv", "--out", "windows", "--json");
  expect(ran.status).toBe(0);
  expect(ran.stderr).toContain("2 points lie outside the box 39.442078");
  const { points } = JSON.parse(ran.stdout) as { points: Record<string, never> };
  expect(points).toMatchObject({
    rules: { intervalMin: 15, fill: "hold", length: 960 },
    facts: { points: 400, moments: 400, filled: 0, short: 0 },
    outside: 2,
    bounds: [39.899, 116, 39.901, 120].map((degrees) => expect.closeTo(degrees, 4) as number),
  });
  const read = (name: string) => readFileSync(join(folder, "windows/points", name));
  expect(read("users.json").toString()).not.toContain("person");
  const { shape } = readNpy(read("train-00000.places.npy"));
  const { train } = points["splits"] as unknown as { train: { windows: number; points: number } };
  expect(shape).toEqual([train.points, 2]);
  expect(train.points).toBe(20 * train.windows);
});

test("what cannot be is told", () => {
  const ran = footfall("walks.csv", "--out", "none", "--min-points", "50");
  expect(ran.stderr).toContain("no window of 50 points or more is left of 400 points");
  expect(footfall("--out", "none").stderr).toContain("no file given");
  expect(footfall("--out", "none", "x", "--fill", "guess").stderr).toContain(
    "expected hold, linear, drop",
  );
});
