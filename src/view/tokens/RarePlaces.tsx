import type { JSX } from "react";
import type { BackOff, RarityBand, RarityJob, RarityResult } from "../../core/job/rarity";
import type { BandError } from "../../core/job/rarity-errors";
import type { StagesResult } from "../../core/job/stages";
import { toRarity, toRarityErrors } from "../../notebook/steps/tokens";
import { useAnswer } from "../asking";
import { CoverageMap } from "../map/CoverageMap";
import { formatKm } from "../map/format";
import { usePage } from "../page-context";
import { Provenance } from "../Provenance";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatCount, formatMeasure, formatPercent, formatProbability } from "../words";
import { AskLine } from "./AskLine";

/** "never", "1 to 4 times", "1,000 times and more". */
export function bandName({ from, to }: Pick<RarityBand, "from" | "to">): string {
  if (from === 0) return "never";
  return to === undefined
    ? `${formatCount(from)} times and more`
    : `${formatCount(from)} to ${formatCount(to)} times`;
}

/** Cells, and check-ins in them, by how often training saw the cell (TK-08). */
export function BandTable({ bands, cells }: Pick<RarityResult, "bands" | "cells">): JSX.Element {
  const shown = bands.filter((band) => band.cells > 0);
  return (
    <div data-table="rarity">
      <Table
        label="Cells and check-ins by visits in training"
        head={[
          "seen in training",
          "cells",
          "of the area",
          "of the training check-ins",
          "of the test check-ins",
        ]}
        rows={shown.map((band) => [
          bandName(band),
          formatCount(band.cells),
          formatProbability(band.cells / cells),
          formatPercent(band.trainShare),
          formatPercent(band.testShare),
        ])}
        numeric={[1, 2, 3, 4]}
      />
    </div>
  );
}

/** What parents know of cells that training never saw. */
export function BackOffTable({
  backOff,
  perplexity,
}: Pick<RarityResult, "backOff" | "perplexity">): JSX.Element {
  const value = (one: number | undefined): string => (one === undefined ? "–" : formatMeasure(one));
  return (
    <div data-table="back-off">
      <Table
        label="What falling back on the parent is worth"
        head={["fall back on", "unseen check-ins that it reaches", "perplexity per check-in"]}
        rows={[
          ["nothing: one visit added to every cell", "–", value(perplexity)],
          ...backOff.map((row) => [
            `the parent at resolution ${row.resolution}`,
            formatPercent(row.seenShare),
            value(row.perplexity),
          ]),
        ]}
        numeric={[1, 2]}
      />
    </div>
  );
}

/** The model's error against how often training saw the hidden place. */
export function BandErrorTable({ errors }: { errors: readonly BandError[] }): JSX.Element {
  const shown = errors.filter(({ hidden }) => hidden > 0);
  return (
    <div data-table="band-errors">
      <Table
        label="Errors of the model by visits in training"
        head={["hidden place seen in training", "hidden", "median distance", "perplexity"]}
        rows={shown.map((band) => [
          bandName(band),
          formatCount(band.hidden),
          formatKm(band.medianKm),
          formatMeasure(band.perplexity),
        ])}
        numeric={[1, 2, 3]}
      />
      <p className="note">
        One check-in hidden in each of{" "}
        {formatCount(errors.reduce((sum, band) => sum + band.hidden, 0))} test trajectories,
        neighbours open. “Seen” means by the training part of these people; a model that was trained
        on more people has seen more.
      </p>
    </div>
  );
}

/** The finding in two sentences: how much is rare, and whether falling back helps the counts. */
export function rarityFinding(result: RarityResult): string {
  const { bands, unseenShare, backOff, perplexity } = result;
  const rare = bands
    .filter(({ from }) => from < 5)
    .reduce((sum, { testShare }) => sum + testShare, 0);
  const seen =
    `${formatPercent(unseenShare)} of the test check-ins lie in cells that training never saw, ` +
    `${formatPercent(rare)} in cells that it saw fewer than five times.`;
  const best = bestOf(backOff);
  if (best?.perplexity === undefined || perplexity === undefined) return seen;
  const helps = best.perplexity < perplexity;
  return (
    `${seen} Counting cells with the parent at resolution ${best.resolution} to fall back on ` +
    (helps
      ? `lowers the perplexity from ${formatMeasure(perplexity)} to ${formatMeasure(best.perplexity)}.`
      : `does not help here: ${formatMeasure(best.perplexity)} against ${formatMeasure(perplexity)} without.`)
  );
}

function bestOf(backOff: readonly BackOff[]): BackOff | undefined {
  return backOff
    .filter((row) => row.perplexity !== undefined)
    .toSorted((a, b) => a.perplexity! - b.perplexity!)[0];
}

function Figure({ result }: { result: RarityResult }): JSX.Element {
  const { basemap } = usePage();
  return (
    <>
      <p className="finding">{rarityFinding(result)}</p>
      <div className="two-columns">
        <div>
          <BandTable {...result} />
          <BackOffTable {...result} />
          {result.errors && <BandErrorTable errors={result.errors} />}
        </div>
        <CoverageMap
          name="training-counts"
          title="Check-ins that training sees"
          cells={result.map.cells}
          counts={result.map.visits}
          unit="training check-ins per cell"
          basemap={basemap}
          heightPx={360}
        />
      </div>
      <p className="note">
        A sub-hash vocabulary falls back by itself: a cell never seen is its parent, which was seen
        elsewhere, and digits that were seen below other parents. As whole tokens these cells would
        never be learnt. For the counts: p = (1 − u) × visits / all visits + u × the parent’s
        chance, (visits + 1) / (all visits + parents), shared evenly by its cells; u is the share of
        the validation part in cells that training never saw. Cells without colour were never seen.
      </p>
      <Provenance made={result.made} />
    </>
  );
}

/** How often training saw the places, and what is known of those that it never saw (TK-08). */
export function RarePlaces({ outcome }: { outcome: StagesResult }): JSX.Element {
  const { made, resolution } = outcome;
  const answer = useAnswer<RarityJob>(`${made.data} at ${resolution}`);
  return (
    <div className="study" data-part="rarity">
      <AskLine
        state={answer.state}
        start="Count the visits"
        onStart={() => answer.start(toRarity)}
        onStop={answer.stop}
      />
      {answer.result && <Figure result={answer.result} />}
      {answer.result &&
        answer.result.errors === undefined &&
        outcome.resolution === outcome.ownResolution && (
          <Button
            disabled={answer.state.kind === "running"}
            onClick={() => answer.start(toRarityErrors)}
          >
            Ask the model about rare places
          </Button>
        )}
    </div>
  );
}
