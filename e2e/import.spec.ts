import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { strFromU8, unzipSync } from "fflate";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  fileOf,
  HEADER,
  importFiles,
  pickFiles,
  stepOf,
  waitForState,
  walkRows,
  workerOf,
} from "./walks";

const DATA = join(import.meta.dirname, "..", "..", "shared", "data");
/** Names of everything that imports keep in the page's own storage. */
function listStorage(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        found.push(prefix + name);
        if (handle.kind === "directory") {
          await walk(handle, `${prefix}${name}/`);
        }
      }
    };
    await walk(await navigator.storage.getDirectory(), "");
    return found.filter((name) => name.startsWith("footfall-data"));
  });
}

/**
 * Collects garbage again and again while a file is opened, as a worker may at any time: Chromium never answers where
 * that takes the file's handle away.
 */
const collectWhileOpening = (page: Page): Promise<void> =>
  workerOf(page).evaluate(() => {
    interface Opens {
      createSyncAccessHandle(): Promise<unknown>;
    }
    const prototype = FileSystemFileHandle.prototype as unknown as Opens;
    const { createSyncAccessHandle: open } = prototype;
    const { gc } = globalThis as unknown as { gc: () => void };
    prototype.createSyncAccessHandle = function (this: Opens) {
      const { port1, port2 } = new MessageChannel();
      let turns = 5;
      port1.addEventListener("message", () => {
        gc();
        if (--turns > 0) port2.postMessage(undefined);
        else port1.close();
      });
      port1.start();
      port2.postMessage(undefined);
      return open.call(this);
    };
  });

test("a file of one's own is looked at, imported, found after a reload, and removed", async ({
  page,
}) => {
  const rows = walkRows(30, 60);
  const broken = ["p1,never,35.6,139.7", "p2,2012-04-02T05:00:00Z,95,139.7"];
  const path = fileOf("walks.csv", [HEADER, ...rows, ...broken, "p3,2012-04-0"].join("\n"));
  await pickFiles(page, [path]);

  await waitForState(page, "files", "done");
  const files = stepOf(page, "files");
  await expect(files.getByLabel("What the column time holds")).toHaveValue("time");
  await expect(files.locator('[data-figure="first-points"]')).toHaveAttribute("data-drawn", "true");

  await waitForState(page, "rules", "done");
  const rules = stepOf(page, "rules");
  await expect(rules.locator(".finding")).toContainText("All 1,803 rows were read");
  const kept = await rules.locator(".finding").innerText();
  await rules.getByLabel("at least", { exact: true }).fill("61");
  await rules.getByLabel("at least", { exact: true }).press("Enter");
  await expect(rules.locator("[data-losses]")).toContainText("Over half of the trajectories");
  await rules.getByLabel("at least", { exact: true }).fill("10");
  await rules.getByLabel("at least", { exact: true }).press("Enter");
  await expect(rules.locator(".finding")).toHaveText(kept);
  await expect(rules.getByLabel("Days off of")).toContainText("guess: Japan");
  await rules.getByLabel("Day to add").fill("2012-04-02");
  await rules.getByLabel("Its name").fill("a day of its own");
  await rules.getByRole("button", { name: "Add" }).click();
  await expect(rules.locator('[data-date="2012-04-02"]')).toContainText("720 check-ins");

  const data = stepOf(page, "data");
  await expect(data.getByRole("button", { name: "Import" })).toBeVisible();
  await collectWhileOpening(page);
  await data.getByRole("button", { name: "Import" }).click();
  await waitForState(page, "data", "done");
  await expect(data.locator('[data-fact="people"] dd')).toHaveText("30");
  await expect(data.locator('[data-fact="points"] dd')).toHaveText("1,800");
  await expect(data.locator('[data-table="rejected"]')).toContainText("1,802"); // the header is line 1
  await expect(data.locator('[data-kept="true"]')).toBeVisible();
  await expect(page.locator("[data-requests]")).toHaveText("0 requests left this page");

  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    data.getByRole("button", { name: /^Download the data set/ }).click(),
  ]);
  const entries = unzipSync(readFileSync(await zip.path()));
  expect(Object.keys(entries)).toContain("trajectories.parquet");
  const report = strFromU8(entries["report.json"]!);
  expect(JSON.parse(report)).toMatchObject({
    name: "walks.csv",
    ledger: { rowsRead: 1803 },
    calendar: { country: "JP", holidays: 1, checkInsOn: { holiday: 720 } },
  });
  expect(strFromU8(entries["calendar.json"]!)).toContain("a day of its own");
  expect(strFromU8(entries["rejected.csv"]!)).toContain(',1802,"no time that can be read"');

  await waitForState(page, "tokens", "done");
  const askWindows = async (): Promise<Locator> => {
    await stepOf(page, "tokens").getByText("Windows of time side by side").click();
    const study = stepOf(page, "tokens").locator('[data-part="token-windows"]');
    await study.getByRole("button", { name: "Measure windows of 1 to 60 minutes" }).click();
    return study;
  };
  const windows = (await askWindows()).locator('[data-table="token-windows"]');
  await expect(windows.getByRole("row")).toHaveCount(8, { timeout: 120_000 });

  await page.reload();
  await expect(page.locator("h1")).toHaveText("The people of walks.csv");
  await waitForState(page, "data", "done");
  await expect(stepOf(page, "data").locator('[data-fact="points"] dd')).toHaveText("1,800");
  await waitForState(page, "tokens", "done");
  await expect((await askWindows()).getByRole("status")).toContainText("import the files again");

  await page.getByText("Your data…").click();
  await expect(page.locator("[data-stored]")).toContainText("walks.csv");
  await page.getByRole("button", { name: "Remove all imported data…" }).click();
  await page.getByRole("button", { name: "Remove all", exact: true }).click();
  await expect(page.locator('[data-stored-count="0"]')).toContainText("it is empty");
  expect(await listStorage(page)).toEqual(["footfall-data"]);
  await expect(page.locator("h1")).toHaveText("What does masking teach?");
});

test("files that are dropped on the page open, and a map layer among them does not confuse it", async ({
  page,
}) => {
  await page.goto("/?test=1");
  const text = [HEADER, ...walkRows(12, 30)].join("\n");
  const dropped = await page.evaluateHandle((csv) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([csv], "walks.csv"));
    transfer.items.add(new File(["II*"], "population.tif"));
    return transfer;
  }, text);
  await page.dispatchEvent("body", "dragover", { dataTransfer: dropped });
  await expect(page.locator(".drop-hint")).toBeVisible();
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await expect(page.locator("h1")).toContainText("Import walks.csv");
  await waitForState(page, "rules", "done");
  await expect(stepOf(page, "rules").locator(".finding")).toContainText("12 people");
  await expect(page.locator(".drop-hint")).toHaveCount(0);
});

test("columns that are guessed wrongly are put right beside the rows", async ({ page }) => {
  const swapped = walkRows(10, 30).map((row) => {
    const [who, when, lat, lng] = row.split(",");
    return `${lng},${lat},${when},${who}`;
  });
  await pickFiles(page, [
    fileOf("odd.csv", ["latitude,longitude,start,group", ...swapped].join("\n")),
  ]);
  await waitForState(page, "files", "done");
  const files = stepOf(page, "files");
  await files.getByRole("button", { name: "Swap latitude and longitude" }).click();
  await files.getByLabel("What the column group holds").selectOption("user");
  await files.getByLabel("What the column start holds").selectOption("time");
  await expect(stepOf(page, "rules").locator(".finding")).toContainText("10 people");
});

const WRONG: [name: string, content: string | Uint8Array, sentence: RegExp][] = [
  ["nothing.csv", "", /nothing\.csv is empty/],
  [
    "picture.csv",
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0),
    /picture\.csv/,
  ],
  ["two.csv", "who,lat\n1,35\n2,36\n", /two\.csv has no column for/],
  ["cut.csv.gz", gzipSync([HEADER, ...walkRows(40, 400)].join("\n")).subarray(0, 9000), /cut/],
];

for (const [name, content, sentence] of WRONG) {
  test(`${name} is refused in one sentence, and nothing is kept`, async ({ page }) => {
    await pickFiles(page, [fileOf(name, content)]);
    await expect(page.locator(".run-line.failed").first()).toContainText(sentence);
    expect(await listStorage(page)).not.toContainEqual(expect.stringContaining("footfall-data/"));
  });
}

/** A file that takes seconds to import. */
const longFile = (): string => fileOf("long.csv", [HEADER, ...walkRows(900, 1800)].join("\n"));

test("Stop in mid-import leaves nothing", async ({ page }) => {
  await pickFiles(page, [longFile()]);
  await waitForState(page, "rules", "done");
  const data = stepOf(page, "data");
  await data.getByRole("button", { name: "Import" }).click();
  await expect(data.getByRole("progressbar")).toBeVisible();
  await data.getByRole("button", { name: "Stop" }).click();
  await waitForState(page, "data", "idle");
  await expect.poll(() => listStorage(page)).toEqual(["footfall-data"]);
});

test("a tab that is closed in mid-import leaves nothing that the next start would show", async ({
  context,
  page,
}) => {
  await pickFiles(page, [longFile()]);
  await waitForState(page, "rules", "done");
  await stepOf(page, "data").getByRole("button", { name: "Import" }).click();
  await expect(stepOf(page, "data").getByRole("progressbar")).toBeVisible();
  expect((await listStorage(page)).length).toBeGreaterThan(1);
  await page.close();
  const next = await context.newPage();
  await next.goto("/?test=1");
  await expect.poll(() => listStorage(next)).toEqual(["footfall-data"]);
  await next.getByText("Your data…").click();
  await expect(next.locator('[data-stored-count="0"]')).toBeVisible();
  expect(await listStorage(next)).toEqual(["footfall-data"]);
});

test("a full storage ends the import in one sentence, and nothing is kept", async ({
  context,
  page,
  baseURL,
}) => {
  await pickFiles(page, [fileOf("full.csv", [HEADER, ...walkRows(200, 300)].join("\n"))]);
  await waitForState(page, "rules", "done");
  const cdp = await context.newCDPSession(page);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: baseURL ?? "", quotaSize: 50_000 });
  const data = stepOf(page, "data");
  await data.getByRole("button", { name: "Import" }).click();
  await waitForState(page, "data", "failed");
  await expect(data.getByRole("alert")).toContainText("The browser's storage has no room");
  await expect.poll(() => listStorage(page)).toEqual(["footfall-data"]);
});

const REAL = [
  { file: "nyc/checkins.csv.gz", rows: "147,938", people: "1,040" },
  { file: "geolife/beijing-1min.csv.gz", rows: "1,060,558", people: "176" },
] as const;

for (const { file, rows, people } of REAL) {
  test(`${file} comes in: report, ledger, map`, async ({ page }) => {
    const path = join(DATA, file);
    test.skip(!existsSync(path), "the real data of ../shared/data are not on this machine");
    await importFiles(page, [path]);
    const data = stepOf(page, "data");
    await expect(data.locator('[data-fall="rows"]')).toContainText(rows);
    await expect(data.locator('[data-fact="people"] dd')).toContainText(people);
    await expect(data.locator('[data-table="data-report"]')).toContainText("out of order");
    await data.scrollIntoViewIfNeeded();
    await expect(data.locator('[data-figure="coverage"]')).toHaveAttribute("data-drawn", "true");
    await expect(data.locator("[data-k]")).toContainText("check-ins per cell of 5 or more people");
  });
}
