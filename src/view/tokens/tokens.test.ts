import { gridDisk, latLngToCell } from "h3-js";
import { createElement, type ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { LookupResult } from "../../core/job/lookup";
import type { TokeniserRow } from "../../core/job/measure-tokeniser";
import type { RarityResult } from "../../core/job/rarity";
import { CellTableBuilder } from "../../core/geo/cells";
import { resolutionOptions, resolutionTwin, spreadNames } from "../chart/ResolutionChart";
import { mapColors } from "../map/map-colors";
import { PageContext } from "../page-context";
import { STAGES, TOKEN_ROWS } from "../steps/outcomes.testing";
import { Formulas } from "./Formulas";
import { HashAnatomy } from "./HashAnatomy";
import { lookupWords, meaningOf } from "./lookup-words";
import { pieceFigure } from "./piece-figure";
import { numberedPieces } from "./pieces";
import { BackOffTable, BandErrorTable, BandTable, rarityFinding } from "./RarePlaces";
import { ResolutionTable } from "./ResolutionStudy";
import { costOf, extraRows } from "./extra-words";
import { SpecialTokens } from "./SpecialTokens";
import { BenchTable, flatCost } from "./TokeniserBench";
import { WindowTable, windowFinding } from "./WindowStudy";

const page = { basemap: new Promise<never>(() => undefined), isTest: true };

/** The text of a component, tags replaced by spaces; also what a field holds. */
function textOf<Props extends object>(component: ComponentType<Props>, props: Props): string {
  const element = createElement(PageContext, { value: page }, createElement(component, props));
  return renderToStaticMarkup(element)
    .replaceAll(/<input[^>]*value="([^"]*)"[^>]*>/g, "$1")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

const HASH = "882e601a5dfffff";
const PIECES = [
  { text: "852e601bfffffff", id: 541 },
  { text: "6/456", id: 2459 },
];

function disk(rings: number): LookupResult["cells"] {
  const builder = new CellTableBuilder();
  for (const hash of gridDisk(latLngToCell(35, 137, 8), rings)) builder.add(hash);
  return builder.build();
}

const LOOKUP: LookupResult = {
  found: { kind: "token", id: 2459, text: "6/456", isSpecial: false },
  tokeniser: "5|3",
  resolution: 8,
  cells: disk(7),
  searched: 572_642,
  areaCount: 572_642,
  trainShare: 0.0031,
  made: STAGES.made,
};
const CELL = {
  kind: "cell",
  asked: HASH,
  hash: HASH,
  lat: 34.953,
  lng: 136.918,
  isInArea: true,
  isUnknown: false,
  pieces: PIECES,
  trainVisits: 3,
} as const;

const words = (found: LookupResult["found"], rest: Partial<LookupResult> = {}): string =>
  lookupWords({ ...LOOKUP, found, ...rest }, 2565);

test("a piece is told by what it means, how many cells have it, and how often it is visited", () => {
  const said = words(LOOKUP.found);
  expect(said).toContain("the children 4, 5, 6 on resolutions 6 to 8");
  expect(said).toContain("169 of 572,642 cells (0.03%)");
  expect(said).toContain("0.31% of the check-ins");
  expect(words(LOOKUP.found, { searched: 600_000, areaCount: 4_008_494 })).toContain("a sample");
  expect(words({ kind: "token", id: 4, text: "[MASK]", isSpecial: true })).toContain(
    "hides a piece",
  );
});

test("the meaning of a piece depends on who wrote it", () => {
  expect(meaningOf("8/3", "one digit a level")).toBe("the child numbered 3 on resolution 8");
  expect(meaningOf("852e601bfffffff", "5|3")).toBe("a coarse hexagon");
  expect(meaningOf(HASH, "flat")).toBe("a whole cell");
  expect(meaningOf("##5d", "wordpiece")).toContain("“5d” inside");
});

test("any hash gets an answer that says what happens to it", () => {
  expect(words(CELL)).toMatch(/is a cell of the area; training saw 3 check-ins there/);
  expect(words({ ...CELL, trainVisits: 0 })).toContain("training never saw it");
  expect(words({ ...CELL, asked: "8a2e601a5d07fff" })).toContain("8a2e601a5d07fff lies in it");
  expect(words({ ...CELL, asked: "872e601a5ffffff", hash: undefined })).toContain("it holds 169");
  expect(words({ ...CELL, isInArea: false, isUnknown: true })).toContain("becomes [UNK]");
  expect(words({ ...CELL, isInArea: false })).toContain("can be written");
  expect(words({ kind: "nothing", query: "zzz", like: [] })).toContain("a number from 0 to 2,564");
});

test("pieces name hexagons from the parent down, one level a digit; word pieces name none", () => {
  const three = [PIECES[0]!, { text: "6/45", id: 30 }, { text: "8/6", id: 31 }];
  const levels = numberedPieces(three, "4|2|2", 8).map(({ resolution }) => resolution);
  expect(levels).toEqual([5, 7, 8]);
  expect(numberedPieces([{ text: HASH, id: 9 }], "flat", 8)[0]!.resolution).toBe(8);
  expect(numberedPieces([{ text: "2e60", id: 9 }], "wordpiece", 8)[0]!.resolution).toBeUndefined();
  expect(numberedPieces([{ text: "[UNK]", id: 1 }], "5|3", 8)[0]!.resolution).toBeUndefined();
});

test("a hash taken apart holds digits and parents of every level, and its pieces at theirs", () => {
  const pieces = numberedPieces(PIECES, "5|3", 8);
  const text = textOf(HashAnatomy, { hash: HASH, pieces, onFind: () => undefined });
  for (const part of ["base 23", "852e601bfffffff", "872e601a5ffffff", "6/456", "2459", "541"]) {
    expect(text).toContain(part);
  }
  const written = textOf(HashAnatomy, {
    hash: HASH,
    pieces: numberedPieces([{ text: "[UNK]", id: 1 }], "5|3", 8),
    onFind: () => undefined,
  });
  expect(written).toContain("is written as [UNK]");
});

test("the map of a piece outlines few hexagons, fills many, and lists the first hundred", () => {
  const few = pieceFigure(LOOKUP, "6/456", mapColors("light"));
  expect(few.shapes.map(({ kind }) => kind)).toEqual(["fill", "line", "dots"]);
  expect(few.cells).toBeUndefined();
  expect(few.twin.rows).toHaveLength(100);
  expect(few.twin.summary).toContain("The first 100 are listed");
  const many = pieceFigure({ ...LOOKUP, cells: disk(60) }, "8/3", mapColors("light"));
  expect(many.shapes).toEqual([]);
  expect(many.cells?.hi.length).toBe(10_981);
});

test("the bench has a row for each tokeniser; only a measured model has a number", () => {
  const text = textOf(BenchTable, { rows: TOKEN_ROWS, width: 128 });
  for (const part of ["2,565", "572,647", "73.3M", "31.5%", "73.6%", "463"]) {
    expect(text).toContain(part);
  }
  expect(text.match(/needs a model/g)).toHaveLength(TOKEN_ROWS.length - 1);
  expect(flatCost({ rows: TOKEN_ROWS, width: 128 })).toContain("440M at BERT’s 768");
  expect(flatCost({ rows: TOKEN_ROWS.slice(0, 1), width: 128 })).toBe("");
});

test("windows have a row each, and a sentence of what the widest leaves", () => {
  const [row] = TOKEN_ROWS;
  const lengths = { mean: 80, median: 70, most: 300 };
  const narrow = { ...row!, windowMin: 1, checkIns: 4000, tokensPerTrajectory: lengths };
  const wide = {
    ...narrow,
    windowMin: 60,
    checkIns: 1000,
    tokensPerTrajectory: { ...lengths, mean: 20 },
  };
  expect(windowFinding([narrow, wide])).toBe(
    "From 1 minute to 60, 25% of the check-ins are left, and a trajectory goes from 80 to 20 tokens.",
  );
  expect(windowFinding([narrow])).toBe("");
  expect(windowFinding([narrow, { ...narrow, windowMin: 60 }])).toContain("nothing changes");
  const text = textOf(WindowTable, { rows: [narrow, wide] });
  for (const part of ["minutes", "4,000", "1,000", "2,565", "573,256"])
    expect(text).toContain(part);
});

test("what the rule brings that pieces must form a cell stands with it and without", () => {
  expect(textOf(Formulas, { rows: TOKEN_ROWS })).toContain(
    "6% of 50 first guesses are no cell of the area, and 12% are the true cell; where pieces must form one, 0% and 14%.",
  );
});

test("a perplexity that cannot be had is a dash, not a number", () => {
  const row: TokeniserRow = {
    ...TOKEN_ROWS[0]!,
    perplexity: { unigram: undefined, previous: undefined },
  };
  const text = textOf(ResolutionTable, { rows: [row], width: undefined });
  expect(text).toContain("– –");
  expect(text).toContain("width 768");
});

const RARITY: RarityResult = {
  resolution: 8,
  cells: 100,
  bands: [
    { from: 0, to: 0, cells: 60, trainShare: 0, testShare: 0.4 },
    { from: 1, to: 4, cells: 30, trainShare: 0.3, testShare: 0.25 },
    { from: 1000, to: undefined, cells: 10, trainShare: 0.7, testShare: 0.35 },
  ],
  testCheckIns: 500,
  unseenShare: 0.4,
  backOff: [
    { resolution: 7, seenShare: 0.5, perplexity: 50 },
    { resolution: 6, seenShare: 0.9, perplexity: 45 },
  ],
  perplexity: 60,
  errors: [{ from: 0, to: 0, hidden: 210, medianKm: 6.52, perplexity: 812 }],
  map: { cells: disk(1), visits: new Float32Array(7).fill(2) },
  made: STAGES.made,
};

test("rare places are told in bands, and falling back is praised only where it helps", () => {
  expect(textOf(BandTable, RARITY)).toMatch(/never 60 60% 0% 40%.*1,000 times and more 10 10% 70%/);
  expect(textOf(BackOffTable, RARITY)).toContain("the parent at resolution 6 90% 45.0");
  expect(textOf(BandErrorTable, { errors: RARITY.errors! })).toContain("never 210 6.5 km 812");
  const said = rarityFinding(RARITY);
  expect(said).toContain("40% of the test check-ins lie in cells that training never saw, 65%");
  expect(said).toContain("lowers the perplexity from 60.0 to 45.0");
  expect(rarityFinding({ ...RARITY, perplexity: 40 })).toContain("does not help here");
});

test("special tokens stand with ids, roles and the names that the file will have", () => {
  const text = textOf(SpecialTokens, { outcome: STAGES });
  for (const part of ["0 [PAD]", "4 [MASK]", "hides a piece", "Save tokenizer.json"]) {
    expect(text).toContain(part);
  }
});

test("extra tokens stand with their ids, and what they cost is counted", () => {
  const both = { users: 20, times: "week" } as const;
  expect(extraRows(both, 2566).map((row) => row.slice(0, 2).join(" "))).toEqual([
    "2566 [USER]",
    "2567 to 2586 [USER:1] to [USER:20]",
    "2587 to 2754 [TIME:Mon00] to [TIME:Sun23]",
  ]);
  expect(extraRows({ users: 1, times: "none" }, 5)[1]?.slice(0, 2)).toEqual(["6", "[USER:1]"]);
  expect(costOf(STAGES, { users: 0, times: "none" })).toContain("takes 30 tokens in a row");
  expect(costOf(STAGES, both)).toContain("takes 45 tokens in a row instead of 30");
  expect(costOf(STAGES, both)).toContain("2,755 instead of 2,566");
});

test("names at the ends of curves keep apart and keep their order", () => {
  const ends = [10, 11, 12, 1000].map((value) => ({ curve: String(value), resolution: 9, value }));
  const spread = spreadNames(ends, { low: 1, high: 1000, isLog: true });
  const shares = spread.map(({ value }) => Math.log(value) / Math.log(1000));
  shares.slice(1).forEach((share, i) => expect(share - shares[i]!).toBeGreaterThan(0.064));
  expect(spread.map(({ curve }) => curve)).toEqual(["10", "11", "12", "1000"]);
});

test("the chart says in words what it draws, the line of the paper included", () => {
  const props = {
    name: "vocabulary",
    label: "vocabulary (tokens)",
    curves: [{ name: "flat", points: [6, 7].map((r) => ({ resolution: r, value: 7 ** r })) }],
    levels: [{ name: ">500,000 for Japan", y: 500_000 }],
    isLog: true,
  };
  expect(resolutionTwin(props).summary).toBe(
    "vocabulary (tokens) by resolution. flat: 117,649 at 6, 823,543 at 7; >500,000 for Japan at 500,000.",
  );
  expect(resolutionOptions(props).x?.domain).toEqual([6, 7]);
});
