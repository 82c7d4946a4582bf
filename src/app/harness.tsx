import { createRoot } from "react-dom/client";
import { useMemo, useState } from "react";
import type { JSX } from "react";
import { readBasemap } from "../view/map/basemap";
import { CoverageMap } from "../view/map/CoverageMap";
import { formatShare } from "../view/map/format";
import { MaskedPredictionMap } from "../view/map/MaskedPredictionMap";
import { SideBySide } from "../view/map/SideBySide";
import { TokenStagesMap } from "../view/map/TokenStagesMap";
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

const FIGURES: Record<string, () => JSX.Element> = {
  coverage: Coverage,
  population: Population,
  "built-up": BuiltUp,
  masked: Masked,
  tokens: Tokens,
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
