import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { writeArrayBuffer } from "geotiff";
import { latLngToCell } from "h3-js";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileOf, HEADER, importFiles, rowOf, stepOf, waitForState } from "./walks";

const DATA = join(import.meta.dirname, "..", "..", "shared", "data");

async function waitUntilDrawn(step: Locator, figure: string): Promise<void> {
  await step.scrollIntoViewIfNeeded();
  await expect(step.locator(`[data-figure="${figure}"]`)).toHaveAttribute("data-drawn", "true");
}

/** A file of ../shared/data; the test is skipped where it is missing. */
function realFile(path: string): string {
  const whole = join(DATA, path);
  test.skip(!existsSync(whole), "the real data of ../shared/data are not on this machine");
  return whole;
}

/** A made city: a grid of cells around Nagoya, each visited by `people` people. */
const SIDE = 14;
const STEP_DEG = 0.012;
const SOUTH_WEST = { lat: 35.05, lng: 136.8 };

const placeOf = (n: number): { lat: number; lng: number } => ({
  lat: SOUTH_WEST.lat + STEP_DEG * (n % SIDE),
  lng: SOUTH_WEST.lng + STEP_DEG * Math.floor(n / SIDE),
});

/** Everybody walks through all cells, an hour in each. */
function walks(people: number): string {
  const rows = [HEADER];
  for (let person = 0; person < people; person++) {
    for (let n = 0; n < SIDE * SIDE; n++) {
      const { lat, lng } = placeOf((n * 5 + person) % (SIDE * SIDE));
      rows.push(rowOf(person, n, lat, lng));
    }
  }
  return rows.join("\n");
}

/** Cells of the made city. */
const CELLS = new Set(
  Array.from({ length: SIDE * SIDE }, (_, n) => {
    const { lat, lng } = placeOf(n);
    return latLngToCell(lat, lng, 8);
  }),
);

/** A raster of 300 x 300 pixels whose value rises to the east. */
function slope({ north = 35.3, west = 136.7 } = {}): Uint8Array {
  const values = Float32Array.from({ length: 90_000 }, (_, i) => (i % 300) / 10);
  const file = writeArrayBuffer(values, {
    height: 300,
    width: 300,
    ModelPixelScale: [0.0012, 0.0012, 0],
    ModelTiepoint: [0, 0, 0, west, north, 0],
    GTModelTypeGeoKey: 2,
    GTRasterTypeGeoKey: 1,
    GeographicTypeGeoKey: 4326,
  });
  return new Uint8Array(file);
}

/** A TIFF of 64 x 64 grey pixels that says nothing of the Earth: the tags of TIFF 6.0, part 1, and no more. */
function plainTiff(): Uint8Array {
  const tags: [tag: number, type: number, value: number][] = [
    [256, 3, 64],
    [257, 3, 64],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 256],
    [277, 3, 1],
    [278, 3, 64],
    [279, 4, 4096],
  ];
  const bytes = new Uint8Array(256 + 4096).map((_, i) => (i < 256 ? 0 : i % 64));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, 8, true);
  view.setUint16(8, tags.length, true);
  tags.forEach(([tag, type, value], i) => {
    const at = 10 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  });
  return bytes;
}

/** Two halves of the city, parted where no cell has its middle by chance. */
function halves(): string {
  const box = (west: number, east: number): number[][] => [
    [west, 35],
    [east, 35],
    [east, 35.3],
    [west, 35.3],
    [west, 35],
  ];
  const half = (name: string, west: number, east: number) => ({
    type: "Feature",
    properties: { side: name },
    geometry: { type: "Polygon", coordinates: [box(west, east)] },
  });
  const features = [half("west", 136.7, 136.8771), half("east", 136.8771, 137.1)];
  return JSON.stringify({ type: "FeatureCollection", features });
}

const addLayer = (page: Page, ...files: string[]): Promise<void> =>
  page.locator("[data-layer-files]").setInputFiles(files);

/** The rows of a downloaded CSV: header first. */
async function download(page: Page, step: Locator): Promise<string[][]> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    step.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  const text = readFileSync(await file.path(), "utf8").trim();
  return text.split("\n").map((line) => line.split(","));
}

test("a raster becomes a truth, a file and a task, is asked otherwise, removed and put back", async ({
  page,
}) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await importFiles(page, [fileOf("walks.csv", walks(6))]);
  await addLayer(page, fileOf("slope.tif", slope()));
  await waitForState(page, "layer-1", "done");
  const layer = stepOf(page, "layer-1");
  await expect(layer.locator('[data-fact="format"] dd')).toContainText("GeoTIFF, 300 × 300 pixels");
  await expect(layer.locator('[data-table="layer"]')).toContainText("0 to 29.9");
  await expect(layer).toContainText("The layer’s box covers all of the data’s.");
  await waitUntilDrawn(layer, "extents");

  await waitForState(page, "truth-1", "done");
  const truth = stepOf(page, "truth-1");
  await expect(truth.locator(".finding")).toContainText(
    `${CELLS.size} of ${CELLS.size} cells have a value: mean of the pixels`,
  );
  await waitUntilDrawn(truth, "truth");
  await waitUntilDrawn(truth, "truth-values");
  await expect(truth.locator("[data-hidden]")).toHaveText("no cell is hidden");
  const rows = await download(page, truth);
  expect(rows[0]).toEqual(["cell", "value", "pixels", "inside"]);
  expect(new Set(rows.slice(1).map(([cell]) => cell))).toEqual(CELLS);

  await truth.getByLabel("Hide cells of fewer than").fill("7");
  await truth.getByLabel("Hide cells of fewer than").press("Enter");
  await expect(truth.locator("[data-hidden]")).toHaveAttribute("data-hidden", String(CELLS.size));
  expect(await download(page, truth)).toHaveLength(1); // six people are too few for k = 7

  await truth.getByText("as deciles").click();
  await expect(truth).toHaveAttribute("data-state", "stale");
  await truth.getByRole("button", { name: "Measure again" }).click();
  await waitForState(page, "truth-1", "done");
  await expect(truth.locator('[data-table="deciles"] tbody tr')).toHaveCount(10);

  await truth.getByRole("button", { name: "Make it a task for coordinates alone" }).click();
  await waitForState(page, "task-1", "done");
  const task = stepOf(page, "task-1");
  await expect(task).toContainText("it is the bar that an embedding must pass");
  await expect(task.locator(".finding")).toContainText("coordinates alone reaches F-Score 0.");
  await waitUntilDrawn(task, "inference");

  await layer.getByRole("button", { name: "Remove the layer" }).click();
  await expect(task).toHaveCount(0);
  await expect(page.locator(".put-back")).toContainText("and 2 steps that stood on it");
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await waitForState(page, "truth-1", "done");
  await waitForState(page, "task-1", "done");

  await expect(page.locator("#add-layer")).toContainText("Layers are kept in this browser");
  await page.waitForTimeout(1000); // the last change is written
  await page.reload();
  await waitForState(page, "layer-1", "done");
  await waitForState(page, "data", "done");
  await stepOf(page, "task-1").getByRole("button", { name: "Run" }).click();
  await waitForState(page, "task-1", "done");
  await expect(stepOf(page, "truth-1").locator('[data-table="deciles"]')).toBeVisible();
  await page.getByText("Your data…").click();
  await page.getByRole("button", { name: "Remove all imported data…" }).click();
  await page.getByRole("button", { name: "Remove all", exact: true }).click();
  await expect(page.locator('[data-stored-count="0"]')).toContainText("it is empty");
  await expect(page.locator("[data-requests]")).toHaveText("0 requests left this page");
  expect(errors).toEqual([]);
});

test("polygons are joined by centre and by area, and by a table of one's own", async ({ page }) => {
  await importFiles(page, [fileOf("walks.csv", walks(6))]);
  await addLayer(page, fileOf("halves.geojson", halves()));
  await waitForState(page, "truth-1", "done");
  const truth = stepOf(page, "truth-1");
  await expect(truth.locator('[data-table="classes"]')).toContainText("west");
  await expect(truth.locator("[data-join]")).toContainText(`By centre ${CELLS.size} cells have`);
  const rows = await download(page, truth);
  expect(rows[0]).toEqual(["cell", "value", "by_area", "share", "covered"]);
  const differ = rows.slice(1).filter(([, own, other]) => own !== other).length;
  await expect(truth.locator("[data-join]")).toHaveAttribute("data-join", String(differ));

  await truth.getByLabel("Join").selectOption("area");
  await truth.getByLabel("Classes", { exact: true }).selectOption("table");
  const table = truth.getByLabel("value = class, one a line");
  await table.fill("west = sunset\neast = sunrise");
  await table.blur();
  await truth.getByRole("button", { name: "Measure again" }).click();
  await waitForState(page, "truth-1", "done");
  await expect(truth.locator('[data-table="classes"]')).toContainText("sunrise");
  await expect(truth.locator(".finding")).toContainText("covers the largest part of the cell");
});

test("a table keyed by cell waits for its column, and its rows serve as embeddings", async ({
  page,
}) => {
  await importFiles(page, [fileOf("walks.csv", walks(6))]);
  const cells = [...CELLS];
  const names = Array.from({ length: 8 }, (_, i) => `e${i}`);
  const numbers = (n: number): string =>
    names.map((_, i) => Math.sin((n + 1) * (i + 1)).toFixed(4)).join(",");
  const { lat, lng } = placeOf(0);
  const rows = cells.map((cell, n) => `${cell},${lat},${lng},${n % 2 ? "odd" : "even"}`);
  await addLayer(page, fileOf("facts.csv", ["cell,y,x,kind", ...rows].join("\n")));
  await waitForState(page, "layer-1", "done");
  const truth = stepOf(page, "truth-1");
  await truth.getByLabel("Column").selectOption("kind");
  await truth.getByRole("button", { name: "Measure" }).click();
  await waitForState(page, "truth-1", "done");
  await expect(truth.locator('[data-table="classes"]')).toContainText("even");

  // the column of cells is found; a row may be meant to lie elsewhere all the same
  const layer = stepOf(page, "layer-1");
  await layer.getByLabel("Where a row lies").selectOption("place");
  for (const [label, column] of [
    ["Latitude", "y"],
    ["Longitude", "x"],
  ] as const) {
    await layer.getByLabel(label).fill(column);
    await layer.getByLabel(label).press("Enter");
  }
  await waitForState(page, "layer-1", "done");
  await expect(layer.locator('[data-fact="coordinate system"] dd')).toContainText("latitude");
  await waitForState(page, "truth-1", "stale");
  await truth.getByRole("button", { name: "Measure again" }).click();
  await waitForState(page, "truth-1", "done");
  const classes = truth.locator('[data-table="classes"] tbody tr');
  await expect(classes).toHaveCount(1); // all rows lie in one cell
  await layer.getByLabel("Where a row lies").selectOption("found");
  await waitForState(page, "truth-1", "stale");
  await truth.getByRole("button", { name: "Measure again" }).click();
  await waitForState(page, "truth-1", "done");
  await expect(classes).toHaveCount(2);

  const vectors = [`cell,${names.join()}`, ...cells.map((cell, n) => `${cell},${numbers(n)}`)];
  await addLayer(page, fileOf("vectors.csv", vectors.join("\n")));
  await waitForState(page, "layer-2", "done");
  await stepOf(page, "layer-2").getByRole("button", { name: "Use the rows as embeddings" }).click();
  await waitForState(page, "embeddings-1", "done");
  const embeddings = stepOf(page, "embeddings-1");
  await expect(embeddings.locator('[data-fact="cells without"] dd')).toHaveText("0");
  await truth.getByRole("button", { name: "Make it a task for vectors.csv" }).click();
  await waitForState(page, "task-1", "done");
  await expect(stepOf(page, "task-1").locator('[data-table="inference"]')).toContainText(
    "vectors.csv",
  );
});

test("a GeoTIFF on the page's own server is read by its address, in ranges", async ({ page }) => {
  const bytes = Buffer.from(slope());
  const asked: string[] = [];
  await page.context().route("**/layers/slope.tif", (route) => {
    const range = route.request().headers()["range"] ?? "";
    asked.push(range);
    const [from, to] = (/^bytes=(\d+)-(\d+)$/.exec(range) ?? []).slice(1).map(Number);
    if (from === undefined || to === undefined) return route.fulfill({ status: 400 });
    const body = bytes.subarray(from, to + 1);
    const end = from + body.length - 1;
    const headers = { "Content-Range": `bytes ${from}-${end}/${bytes.length}` };
    return route.fulfill({ status: 206, headers, contentType: "image/tiff", body });
  });
  await importFiles(page, [fileOf("walks.csv", walks(6))]);
  const address = page.getByLabel("or a GeoTIFF on this server");
  await address.fill("/layers/slope.tif");
  await address.press("Enter");
  await waitForState(page, "truth-1", "done");
  await expect(stepOf(page, "layer-1").locator('[data-fact="format"] dd')).toContainText(
    "GeoTIFF, 300 × 300 pixels",
  );
  await expect(stepOf(page, "truth-1").locator(".finding")).toContainText(
    `${CELLS.size} of ${CELLS.size} cells have a value`,
  );
  expect(asked.length).toBeGreaterThan(1);
  await address.fill("https://example.org/people.tif");
  await address.press("Enter");
  await expect(stepOf(page, "layer-2").getByRole("alert")).toContainText("lies on another server");
  await expect(page.locator("[data-requests]")).toHaveText("0 requests left this page");
});

const WRONG: [name: string, content: () => string | Uint8Array, step: string, sentence: RegExp][] =
  [
    ["cut.tif", () => slope().subarray(0, 150_000), "layer-1", /cut\.tif is damaged or cut/i],
    ["picture.tif", () => "no picture at all", "layer-1", /picture\.tif is no TIFF/i],
    ["nowhere.tif", plainTiff, "layer-1", /does not say where on Earth it lies/],
    [
      "elsewhere.tif",
      () => slope({ north: 48, west: 2 }),
      "truth-1",
      /covers lat 47\.64 to 48\.00, lng 2\.00 to 2\.36, but the cells lie at lat 35\.0/,
    ],
    ["keyless.csv", () => "a,b\n1,2\n3,4\n", "layer-1", /keyless\.csv/i],
  ];

test("layers that cannot serve are refused in one sentence each", async ({ page }) => {
  await importFiles(page, [fileOf("walks.csv", walks(6))]);
  for (const [name, content, step, sentence] of WRONG) {
    await addLayer(page, fileOf(name, content()));
    await expect(stepOf(page, step)).toHaveAttribute("data-state", "failed");
    await expect(stepOf(page, step).getByRole("alert")).toContainText(sentence);
    await stepOf(page, "layer-1").getByRole("button", { name: "Remove the layer" }).click();
    await page.getByRole("button", { name: "Close", exact: true }).click();
  }
  await addLayer(page, fileOf("elsewhere.tif", slope({ north: 48, west: 2 })));
  await expect(stepOf(page, "layer-1").locator(".loud")).toContainText("do not meet");
});

test("a layer can be added to the shipped country, and asked of its model", async ({ page }) => {
  await page.goto("/?test=1&backend=wasm");
  await waitForState(page, "model", "done", 200_000);
  await addLayer(page, fileOf("slope.tif", slope()));
  await waitForState(page, "truth-1", "done", 200_000);
  const truth = stepOf(page, "truth-1");
  await expect(truth.locator("[data-hidden]")).toHaveCount(0); // nobody real is in there
  await truth.getByRole("button", { name: "Make it a task for the model’s embeddings" }).click();
  await waitForState(page, "task-1", "done", 200_000);
  await expect(stepOf(page, "task-1").locator(".finding")).toContainText("twin");
});

test("New York's check-ins come with population.tif, and districts are added", async ({ page }) => {
  await importFiles(page, [realFile("nyc/checkins.csv.gz"), realFile("nyc/population.tif")]);
  await expect(page.locator("h1")).toContainText("checkins.csv.gz");
  const truth = stepOf(page, "truth-1");
  await truth.getByRole("button", { name: "Measure" }).click();
  await waitForState(page, "truth-1", "done");
  await expect(truth.locator(".finding")).toContainText(/^9\d\d of 99\d cells have a value: sum/);
  await expect(truth.locator('[data-table="deciles"] tbody tr')).toHaveCount(10);
  await waitUntilDrawn(truth, "truth");
  await addLayer(page, realFile("nyc/community_districts.geojson"));
  await waitForState(page, "layer-2", "done");
  const districts = stepOf(page, "truth-2");
  await districts.getByLabel("Column").selectOption("BoroCD");
  await districts.getByLabel("Statistic").selectOption("class");
  await districts.getByRole("button", { name: "Measure" }).click();
  await waitForState(page, "truth-2", "done");
  await expect(districts.locator("[data-join]")).toContainText("by area only");
});

test("Beijing's built-up land, districts and land use are measured", async ({ page }) => {
  await importFiles(page, [realFile("geolife/beijing-1min.csv.gz")]);
  await addLayer(page, realFile("beijing/built-up-2008.tif"));
  await waitForState(page, "truth-1", "done");
  await expect(stepOf(page, "truth-1").locator(".finding")).toContainText("8,910 of 9,184 cells");
  await expect(stepOf(page, "layer-1").locator('[data-fact="coordinate system"]')).toContainText(
    "Krasovsky",
  );
  await addLayer(page, realFile("beijing/districts.geojson"));
  await waitForState(page, "truth-2", "done");
  await expect(stepOf(page, "truth-2").locator('[data-table="classes"]')).toContainText("海淀区");
  await addLayer(page, realFile("beijing/osm-landuse.zip"));
  await waitForState(page, "truth-3", "done");
  const landUse = stepOf(page, "truth-3");
  await landUse.getByLabel("Statistic").selectOption("share");
  await landUse.getByLabel("residential", { exact: true }).check();
  await landUse.getByLabel("retail", { exact: true }).check();
  await landUse.getByRole("button", { name: "Measure again" }).click();
  await waitForState(page, "truth-3", "done");
  await expect(landUse.locator(".finding")).toContainText("the union of the chosen features");
});
