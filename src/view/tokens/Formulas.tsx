import type { JSX } from "react";
import type { ModelPerplexity, TokeniserRow } from "../../core/job/measure-tokeniser";
import { formatCount, formatMeasure, formatPercent } from "../words";

/** What the rule brings that pieces must form a cell of the area, in two sentences (TK-13). */
export function decodingText({ hidden, ruled, free }: ModelPerplexity["guesses"]): string {
  const [told, without] = [ruled, free].map(({ hit }) => formatPercent(hit));
  return `Where each piece may be any of the vocabulary, ${formatPercent(free.invalid)} of ${formatCount(hidden)} first guesses are no cell of the area, and ${without} are the true cell; where pieces must form one, ${formatPercent(ruled.invalid)} and ${told}.`;
}

const orDash = (value: number | undefined): string =>
  value === undefined ? "–" : formatMeasure(value);

/** How the numbers of the tables come about, and the model beside the counts on the same check-ins. */
export function Formulas({ rows }: { rows: readonly TokeniserRow[] }): JSX.Element {
  const measured = rows.find(({ model }) => model !== undefined)?.model;
  return (
    <>
      {measured && (
        <p className="note">
          The opened model was asked for {formatCount(measured.hidden)} hidden check-ins, a fifth of
          each trajectory hidden, neighbours on both sides open: perplexity{" "}
          {formatMeasure(measured.model)}. On the same check-ins pieces alone reach{" "}
          {orDash(measured.unigram)} and the previous place {orDash(measured.previous)}.{" "}
          {decodingText(measured.guesses)}
        </p>
      )}
      <p className="note">
        Perplexity is per check-in of the test part, so it can be compared between tokenisers, which
        per token it cannot. <em>Pieces alone</em> (unigram): the chance of a hash is the product
        over its pieces of (count + 1) / (pieces counted in that place + pieces that may stand
        there), counted in training. <em>Previous place</em>: with the share s of check-ins that
        repeat the one before, s if it is the same place, plus (1 − s) times the chance by pieces.
        Neither needs training. Where the table says “needs a model”, no model writes cells this way
        yet: pre-train one.
      </p>
      <p className="note">
        [UNK] is the share of test check-ins that cannot be written: with a vocabulary made from all
        cells of the area, and with one made from the cells that training sees. Cut at 128 and 512:
        the share of check-ins beyond a row of so many tokens; a hash is never cut. Speed is one
        thread of this machine, measured just now.
      </p>
    </>
  );
}
