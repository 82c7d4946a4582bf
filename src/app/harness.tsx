import { createRoot } from "react-dom/client";
import { useMemo, useState } from "react";
import type { JSX } from "react";
import { BarChart } from "../view/chart/BarChart";
import { HistogramChart } from "../view/chart/HistogramChart";
import { LossChart } from "../view/chart/LossChart";
import { ResolutionChart } from "../view/chart/ResolutionChart";
import { readBasemap } from "../view/map/basemap";
import { CellMap } from "../view/map/CellMap";
import { CoverageMap } from "../view/map/CoverageMap";
import { formatShare } from "../view/map/format";
import { MaskedPredictionMap } from "../view/map/MaskedPredictionMap";
import { SideBySide } from "../view/map/SideBySide";
import { TokenStagesMap } from "../view/map/TokenStagesMap";
import { PageContext } from "../view/page-context";
import { lazyPart } from "../view/steps/lazy-part";
import { PieceMap } from "../view/tokens/PieceMap";
import { Button } from "../view/ui/Button";
import { Progress } from "../view/ui/Progress";
import { Select } from "../view/ui/Select";
import { Table } from "../view/ui/Table";
import {
  diskCells,
  inferredPeople,
  madeUpCheckIns,
  madeUpGuesses,
  madeUpPieces,
  madeUpPoints,
  peoplePerCell,
  toShares,
  visitsPerCell,
} from "./harness-data";
import "../view/style/index.css";

/** Every figure with made-up data, one at a time: ?figure=name&theme=dark. Screenshots are taken here. */
const query = new URLSearchParams(location.search);
const theme = query.get("theme");
if (theme) document.documentElement.dataset["theme"] = theme;

const basemap = fetch("data/basemap.json")
  .then((response) => response.json())
  .then(readBasemap);

const SEED = 123;

function Coverage(): JSX.Element {
  const cells = diskCells(35.68, 139.7, Number(query.get("rings") ?? 60));
  const counts = visitsPerCell(peoplePerCell(cells, SEED), SEED);
  return <CoverageMap name="coverage" title="Coverage" {...{ cells, counts, basemap }} />;
}

function Population(): JSX.Element {
  const cells = diskCells(35.68, 139.7, Number(query.get("rings") ?? 45));
  const truth = peoplePerCell(cells, SEED);
  const predicted = inferredPeople(truth, SEED);
  return (
    <SideBySide
      name="population"
      title="Population"
      {...{ cells, truth, predicted, basemap }}
      unit="people per cell"
      scaleKind="log"
    />
  );
}

function BuiltUp(): JSX.Element {
  const cells = diskCells(35.68, 139.7, 30);
  const people = peoplePerCell(cells, SEED);
  const truth = toShares(people);
  const predicted = toShares(inferredPeople(people, SEED));
  return (
    <SideBySide
      name="built-up"
      title="Built-up share"
      {...{ cells, truth, predicted, basemap }}
      domain={[0, 1]}
      format={formatShare}
    />
  );
}

function Masked(): JSX.Element {
  const [masked, setMasked] = useState(7);
  const checkIns = useMemo(() => madeUpCheckIns(SEED), []);
  const guesses = useMemo(() => madeUpGuesses(checkIns, masked, SEED), [checkIns, masked]);
  return <MaskedPredictionMap {...{ checkIns, masked, guesses, basemap }} onMask={setMasked} />;
}

function Tokens(): JSX.Element {
  const [chosen, setChosen] = useState(7);
  const checkIns = useMemo(() => madeUpCheckIns(SEED), []);
  const points = useMemo(() => madeUpPoints(checkIns, SEED), [checkIns]);
  const pieces = useMemo(() => madeUpPieces(checkIns[chosen]?.hash ?? ""), [checkIns, chosen]);
  return <TokenStagesMap {...{ points, checkIns, chosen, pieces, basemap }} onChoose={setChosen} />;
}

/** A block of cells of one value, looked at from the zoom in the address: every pixel inside is the same colour. */
const BLOCK_PLACE = { lat: 36.3, lng: 138.6 }; // inland: no coast runs through

function Block(): JSX.Element {
  const { lat, lng } = BLOCK_PLACE;
  const cells = diskCells(lat, lng, Number(query.get("rings") ?? 30));
  return (
    <CellMap
      name="block"
      title="Block"
      {...{ cells, basemap }}
      values={cells.hi.map(() => 1)}
      bounds={[lng, lat, lng, lat]}
      maxZoom={Number(query.get("zoom") ?? 10)}
    />
  );
}

const STEPS = Array.from({ length: 900 }, (_, i) => i * 10);
const CURVES = [
  {
    name: "train",
    x: STEPS,
    y: STEPS.map((x, i) => 2.1 + 5.8 * Math.exp(-x / 1500) + Math.sin(i) / 9),
  },
  { name: "validation", x: STEPS, y: STEPS.map((x) => 2.5 + 5.4 * Math.exp(-x / 1500)) },
];
const LEVELS = [{ name: "unigram", y: 6.4 }];
const BARS = [
  { name: "this model", value: 5.2, interval: [4.9, 5.6] as const, isOwn: true },
  { name: "previous place", value: 6.4, interval: [6.1, 6.8] as const },
  { name: "middle of the two neighbours", value: 3.4 },
  { name: "unigram", value: 61.3 },
];
const DISTANCES = inferredPeople(peoplePerCell(diskCells(35.68, 139.7, 20), SEED), SEED).map(
  (v) => v / 900,
);

function Charts(): JSX.Element {
  return (
    <>
      <LossChart curves={CURVES} levels={LEVELS} caption="Loss over training steps, made up." />
      <BarChart name="bars" label="median error (km)" bars={BARS} better="lower" />
      <HistogramChart
        name="distances"
        label="distance to the truth (km)"
        values={DISTANCES}
        isLog
        mark={2}
      />
    </>
  );
}

/** Vocabularies of all Japan, as docs/tokens.md has them. */
const VOCABULARIES = [
  { name: "flat", values: [13_098, 84_545, 572_647, 4_008_499] },
  { name: "WordPiece", values: [564, 2_258, 8_308, 20_941] },
  { name: "parent + 3 digits", values: [450, 782, 2_565, 13_440] },
  { name: "one digit a level", values: [50, 57, 64, 71] },
].map(({ name, values }) => ({
  name,
  points: values.map((value, i) => ({ resolution: 6 + i, value })),
}));
const JAPAN = [{ name: ">500,000 for Japan", y: 500_000 }];

function Resolutions(): JSX.Element {
  return (
    <ResolutionChart
      name="vocabulary"
      label="vocabulary (tokens)"
      curves={VOCABULARIES}
      levels={JAPAN}
      isLog
    />
  );
}

/** A made-up piece: every fifth cell of a disk, or with many=1 all of a larger one. */
function PieceCells(): JSX.Element {
  const isMany = query.has("many");
  const disk = diskCells(35.68, 139.7, isMany ? 60 : 20);
  const keep = (_: number, n: number): boolean => isMany || n % 5 === 0;
  const cells = { ...disk, hi: disk.hi.filter(keep), lo: disk.lo.filter(keep) };
  const page = useMemo(() => ({ basemap, isTest: true }), []);
  const result = {
    found: { kind: "token", id: 2459, text: "6/456", isSpecial: false },
    tokeniser: "5|3",
    resolution: 8,
    cells,
    searched: disk.hi.length,
    areaCount: disk.hi.length,
    trainShare: 0.01,
    made: { seed: SEED, data: "made up", seconds: 0 },
  } as const;
  return (
    <PageContext value={page}>
      <PieceMap result={result} title="6/456 (token 2459)" />
    </PageContext>
  );
}

function Controls(): JSX.Element {
  const [size, setSize] = useState<"small" | "medium">("small");
  const options = [
    { value: "small", text: "small" },
    { value: "medium", text: "medium" },
  ] as const;
  return (
    <div
      className="ui-sample"
      data-figure="controls"
      data-drawn="true"
      style={{ display: "grid", gap: 18, maxWidth: 560 }}
    >
      <h1>What does masking teach?</h1>
      <p>
        A paragraph of the page with a <a href="#here">link</a> and <code>code</code> in it, long
        enough to show how a line of text is set beside the figures.
      </p>
      <div style={{ display: "flex", gap: 8 }}>
        <Button kind="primary" onClick={() => undefined}>
          Run
        </Button>
        <Button onClick={() => undefined}>Stop</Button>
        <Button kind="quiet" onClick={() => undefined}>
          Copy
        </Button>
        <Button disabled onClick={() => undefined}>
          Not now
        </Button>
      </div>
      <Select label="Country" value={size} options={options} onChange={setSize} />
      <Progress
        label="Fitting the probe"
        share={0.37}
        ratePerSecond={12345}
        unit="cells"
        secondsLeft={95}
      />
      <Progress label="Reading the weights" />
      <Table
        caption="Scores"
        head={["guess by", "top 1", "median km"]}
        rows={[
          ["this model", "21.2%", "5.2"],
          ["previous place", "17.0%", "6.4"],
        ]}
      />
    </div>
  );
}

/** Views of the page itself, with the page's own style, which the other figures do without. */
const ImportFigure = lazyPart(() => import("./harness-import"));

const FIGURES: Record<string, () => JSX.Element> = {
  coverage: Coverage,
  population: Population,
  "built-up": BuiltUp,
  masked: Masked,
  tokens: Tokens,
  block: Block,
  charts: Charts,
  resolutions: Resolutions,
  "piece-cells": PieceCells,
  controls: Controls,
  "import-files": () => <ImportFigure name="files" basemap={basemap} />,
  "import-rules": () => <ImportFigure name="rules" basemap={basemap} />,
  "import-people": () => <ImportFigure name="people" basemap={basemap} />,
};

const Figure = FIGURES[query.get("figure") ?? ""];
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <main style={{ maxWidth: "var(--column-figure)", margin: "24px auto", padding: "0 24px" }}>
      {Figure ? (
        <Figure />
      ) : (
        <ul>
          {Object.keys(FIGURES).map((name) => (
            <li key={name}>
              <a href={`?figure=${name}`}>{name}</a>
            </li>
          ))}
        </ul>
      )}
    </main>,
  );
}
