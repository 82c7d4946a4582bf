import { cellToChildren, cellToLatLng, cellToParent, gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it, vi } from "vitest";
import { CellTableBuilder, cellHash } from "../../core/geo/cells";
import { boundsOfCells, boundsOfTable } from "./bounds";
import { cellAt } from "./cell-lookup";
import { cellTwin, greatestCells } from "./cell-twin";
import { listPositions } from "./check-ins";
import { declutter } from "./declutter";
import { hoverAt } from "./hover";
import { boxAt, layoutPanels } from "./layout";
import { mapColors } from "./map-colors";
import { cellDistanceKm, dashes, maskedFigure } from "./masked-figure";
import type { Marker } from "./markers";
import { scalePosition } from "./scale";
import { isLayerOfView } from "./shapes";
import { comparePanels } from "./SideBySide";
import { pieceCells, tokenFigure } from "./token-figure";
import { createProjection, fitBounds, moveByKey } from "./view-state";

const CENTRE = latLngToCell(35.68, 139.76, 8);
const CELLS = gridDisk(CENTRE, 3);
const COLORS = mapColors("light");

function tableOf(hashes: readonly string[]): ReturnType<CellTableBuilder["build"]> {
  const builder = new CellTableBuilder();
  for (const hash of hashes) builder.add(hash);
  return builder.build();
}

describe("comparePanels", () => {
  const shared = {
    unit: undefined,
    scaleKind: undefined,
    domain: undefined,
    format: undefined,
    titles: undefined,
    showDifference: undefined,
  };

  it("puts truth and inference on one scale and the difference on one around zero", () => {
    const { panels, scale } = comparePanels({ ...shared, truth: [1, 2, 3], predicted: [2, 2, 9] });
    expect(panels.map(({ id }) => id)).toEqual(["truth", "predicted", "difference"]);
    expect(panels[0]!.scale).toBe(scale);
    expect(panels[1]!.scale).toBe(scale);
    expect(scale.domain).toEqual([0, 9]);
    expect(Array.from(panels[2]!.values!)).toEqual([1, 0, 6]);
    expect(panels[2]!.format!(6)).toBe("+6");
  });

  it("leaves the difference out when told", () => {
    const props = { ...shared, truth: [1], predicted: [2], showDifference: false };
    expect(comparePanels(props).panels.length).toBe(2);
  });
});

describe("maskedFigure", () => {
  const checkIns = [CELLS[0]!, CELLS[9]!, CELLS[0]!, CELLS[20]!].map((hash) => ({ hash }));
  const guesses = [
    { hash: CELLS[5]!, probability: 0.3 },
    { hash: CELLS[9]!, probability: 0.2 },
  ];
  const input = { title: "Masked", checkIns, masked: 1, guesses };

  it("colours the guesses, outlines the truth, and draws the miss between", () => {
    const figure = maskedFigure(input, COLORS);
    expect(cellHash(figure.cells, 0)).toBe(CELLS[5]);
    expect(figure.shapes.map(({ id }) => id)).toEqual([
      "trajectory",
      "check-ins",
      "miss",
      "best-guess",
      "truth",
    ]);
    expect(figure.errorKm).toBeCloseTo(cellDistanceKm(CELLS[5]!, CELLS[9]!));
    expect(figure.markers.find(({ id }) => id === "guess-1")?.text).toBe("30%");
  });

  it("colours by powers of ten where asked, from the least likely guess on", () => {
    const many = [0.5, 0.05, 0.005].map((probability, i) => ({ hash: CELLS[i]!, probability }));
    const places = (isLog: boolean) => {
      const { scale } = maskedFigure({ ...input, guesses: many, isLog }, COLORS);
      return many.map(({ probability }) => Number(scalePosition(scale, probability).toFixed(2)));
    };
    expect(places(false)).toEqual([1, 0.1, 0.01]);
    expect(places(true)).toEqual([1, 0.5, 0]);
  });

  it("keeps the masked check-in out of the line that the model sees", () => {
    const [line] = maskedFigure(input, COLORS).shapes;
    expect(line?.kind === "line" && line.lines[0]?.length).toBe(3);
  });

  it("keeps other hidden check-ins out of it too, and marks them", () => {
    const { shapes, markers } = maskedFigure({ ...input, hidden: [1, 3] }, COLORS);
    const [line] = shapes;
    expect(line?.kind === "line" && line.lines[0]?.length).toBe(2);
    expect(markers.find(({ text }) => text === "4")?.look).toBe("hidden");
  });

  it("says in words what the map shows", () => {
    const { twin } = maskedFigure(input, COLORS);
    expect(twin.summary).toContain(`The true cell is ${CELLS[9]}; it is guess 2.`);
    expect(twin.rows[1]).toEqual(["2", `${CELLS[9]} (true)`, "20%", "0.00 km"]);
  });

  it("draws no miss for a hit, and stands without guesses", () => {
    const hit = maskedFigure({ ...input, guesses: [guesses[1]!] }, COLORS);
    expect(hit.shapes.some(({ id }) => id === "miss")).toBe(false);
    expect(hit.errorKm).toBe(0);
    const waiting = maskedFigure({ ...input, guesses: [] }, COLORS);
    expect(waiting.errorKm).toBeUndefined();
    expect(waiting.twin.rows).toEqual([]);
  });

  it("masks the check-in whose marker is chosen", () => {
    const onMask = vi.fn<(index: number) => void>();
    const { markers } = maskedFigure(input, COLORS, onMask);
    markers.find(({ text }) => text === "1, 3")?.onChoose?.();
    expect(onMask).toHaveBeenCalledWith(0);
  });

  it("draws a dashed line from end to end", () => {
    const strokes = dashes([0, 0], [23, 0]);
    expect(strokes.length).toBe(12);
    expect([strokes[0]![0], strokes.at(-1)![1]]).toEqual([
      [0, 0],
      [23, 0],
    ]);
  });
});

describe("tokenFigure", () => {
  const pieces = [
    { text: "852f5aa", resolution: 5 },
    { text: "/314", resolution: 8 },
    { text: "[SEP]" },
  ];

  it("names the hexagons of the pieces, the cell last", () => {
    expect(pieceCells(CENTRE, pieces)).toEqual([cellToParent(CENTRE, 5), CENTRE]);
  });

  it("splits the parent into what the next piece chooses from", () => {
    const { shapes } = tokenFigure({ checkIns: [{ hash: CENTRE }], chosen: 0, pieces }, COLORS);
    const split = shapes.find(({ id }) => id === "split-1");
    const children = cellToChildren(cellToParent(CENTRE, 5), 8);
    expect(split?.kind === "line" && split.lines.length).toBe(children.length);
  });

  it("puts pieces that name no hexagon at the cell, all together", () => {
    const pieces = [{ text: "2e60" }, { text: "##2f" }];
    const input = { checkIns: [{ hash: CENTRE }], chosen: 0, pieces };
    const { markers, twin, shapes } = tokenFigure(input, COLORS);
    expect(markers.map(({ look }) => look)).toEqual(["masked", "guess"]);
    expect(markers.at(-1)?.text).toBe("2e60 ##2f");
    expect(shapes.filter(({ panel }) => panel === "pieces").map(({ kind }) => kind)).toEqual([
      "fill",
      "line",
    ]);
    expect(twin.rows[1]).toEqual(["2", "##2f", "", ""]);
  });

  it("labels the cell itself, not its parent, where only one hexagon is named", () => {
    const input = {
      checkIns: [{ hash: CENTRE }],
      chosen: 0,
      pieces: [{ text: CENTRE, resolution: 8 }],
    };
    expect(tokenFigure(input, COLORS).markers.at(-1)?.look).toBe("guess");
  });
});

describe("cellTwin", () => {
  it("names extent, range and the greatest cells", () => {
    const cells = tableOf(CELLS);
    const values = Float32Array.from(CELLS, (_, n) => (n === 4 ? Number.NaN : n));
    const twin = cellTwin(cells, [{ title: "people", values }], { rowCount: 3 });
    expect(twin.summary).toMatch(/35\.\d+° N 139\.\d+° E to .*people: 36 cells from 0 to 36/);
    expect(twin.rows.map(([hash]) => hash)).toEqual([36, 35, 34].map((n) => CELLS[n]));
  });

  it("picks the greatest without sorting all", () => {
    expect(greatestCells([3, Number.NaN, 9, 9, 1], 3)).toEqual([2, 3, 0]);
    expect(greatestCells([], 3)).toEqual([]);
  });
});

describe("the pointer", () => {
  const cells = tableOf(CELLS);
  const box = { id: "a", x: 100, y: 26, width: 300, height: 200 };

  it("finds every cell at its middle", () => {
    CELLS.forEach((hash, n) => expect(cellAt(cells, ...cellToLatLng(hash))).toBe(n));
    expect(cellAt(cells, 0, 0)).toBe(-1);
  });

  it("reads the cell in the middle of a panel", () => {
    const [latitude, longitude] = cellToLatLng(CELLS[7]!);
    const hover = hoverAt(box, { latitude, longitude, zoom: 14 }, cells, [250, 126]);
    expect(hover).toMatchObject({ panel: "a", hash: CELLS[7], cell: 7 });
  });

  it("knows which panel it is in", () => {
    const { boxes } = layoutPanels(["a", "b", "c"], 1000, 300);
    expect(boxAt(boxes, 500, 100)?.id).toBe("b");
    expect(boxAt(boxes, 500, 5)).toBeUndefined();
  });
});

describe("layout and views", () => {
  it("puts four panels in two rows where they have no room beside each other, and in one column in the end", () => {
    const columns = (width: number): number =>
      new Set(layoutPanels(["a", "b", "c", "d"], width, 300).boxes.map(({ x }) => x)).size;
    expect([1200, 900, 400].map(columns)).toEqual([4, 2, 1]);
    const { boxes, height } = layoutPanels(["a", "b", "c", "d"], 900, 300);
    expect(boxes.map(({ y }) => y)).toEqual([26, 26, 362, 362]);
    expect(height).toBe(662);
  });

  it("stacks panels where the page is narrow", () => {
    const wide = layoutPanels(["a", "b"], 1000, 300);
    const narrow = layoutPanels(["a", "b"], 400, 300);
    expect(wide.boxes.map(({ x, width }) => [x, width])).toEqual([
      [0, 495],
      [505, 495],
    ]);
    expect(narrow.boxes.map(({ x }) => x)).toEqual([0, 0]);
    expect(narrow.height).toBeGreaterThan(wide.height * 1.9);
  });

  it("shows all of the bounds", () => {
    const size = { width: 400, height: 300 };
    const projection = createProjection(fitBounds(boundsOfCells(CELLS), size), size);
    for (const hash of CELLS) {
      const [lat, lng] = cellToLatLng(hash);
      const [x = -1, y = -1] = projection.project([lng, lat]);
      expect(x > 0 && x < 400 && y > 0 && y < 300).toBe(true);
    }
    expect(boundsOfTable(tableOf(CELLS))[0]).toBeGreaterThan(boundsOfCells(CELLS)[0]);
  });

  it("moves and zooms by keys, and leaves other keys alone", () => {
    const view = { longitude: 139, latitude: 35, zoom: 8 };
    const size = { width: 400, height: 300 };
    expect(moveByKey(view, size, "ArrowRight")!.longitude).toBeGreaterThan(139);
    expect(moveByKey(view, size, "ArrowUp")!.latitude).toBeGreaterThan(35);
    expect(moveByKey(view, size, "+")!.zoom).toBe(8.5);
    expect(moveByKey({ ...view, zoom: 18 }, size, "+")!.zoom).toBe(18);
    expect(moveByKey(view, size, "a")).toBeUndefined();
  });

  it("draws a layer in its own view or in all", () => {
    expect(isLayerOfView("all/land", "truth")).toBe(true);
    expect(isLayerOfView("truth/line-joints", "truth")).toBe(true);
    expect(isLayerOfView("truth/line", "predicted")).toBe(false);
  });
});

describe("labels", () => {
  const marker = (id: string, look: Marker["look"], side?: Marker["side"]): Marker => ({
    id,
    look,
    text: "12%",
    place: [0, 0],
    ...(side ? { side } : {}),
  });

  it("find another side when theirs is taken, and give way to the masked one", () => {
    const placed = declutter([
      { marker: marker("b", "check-in"), x: 50, y: 50, clearPx: 9 },
      { marker: marker("a", "masked"), x: 52, y: 50, clearPx: 9 },
      { marker: marker("c", "guess", "above"), x: 50, y: 76, clearPx: 9 },
    ]);
    expect(placed.map(({ marker: { id, side } }) => [id, side])).toEqual([
      ["a", "centre"],
      ["c", "right"],
    ]);
  });

  it("count check-ins as people do", () => {
    expect(listPositions([0])).toBe("1");
    expect(listPositions([0, 3, 7])).toBe("1, 4, 8");
    expect(listPositions([0, 3, 7, 9])).toBe("1, 4, +2");
  });
});
