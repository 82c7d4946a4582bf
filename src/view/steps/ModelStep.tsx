import type { JSX } from "react";
import type { ModelResult } from "../../core/job/model";
import { modelKind, type ModelStepSpec } from "../../notebook/steps/model";
import { formatKm } from "../map/format";
import { Table } from "../ui/Table";
import { formatBytes, formatCount, formatCounted, formatMeasure } from "../words";
import { Facts } from "./Facts";
import { lazyPart } from "./lazy-part";
import { stepView, type FigureProps } from "./step-view";
import { TrainingCurve } from "./TrainingCurve";

const AdaptedNote = lazyPart(() => import("./AdaptedNote"));

function About(): JSX.Element {
  return (
    <>
      <p>
        A small BERT read months of check-ins with one place in five hidden, and was corrected each
        time it guessed wrong. It was never told where a cell lies: to the model, hashes are words.
      </p>
      <p>
        Perplexity before training is that of its randomly initialised twin; after, what masking
        taught it (paper 1, Figure 11 and section A.4.2).
      </p>
    </>
  );
}

function PerplexityTable({ perplexity }: Required<Pick<ModelResult, "perplexity">>): JSX.Element {
  const { model, twin, maskedCells, trajectories } = perplexity;
  return (
    <div data-table="perplexity">
      <Table
        label="Perplexity before and after training"
        head={["perplexity", "per token", "per cell"]}
        rows={[
          [
            "before: randomly initialised twin",
            formatMeasure(twin.perToken),
            formatMeasure(twin.perCell),
          ],
          [
            "after: this model",
            <strong key="token">{formatMeasure(model.perToken)}</strong>,
            <strong key="cell">{formatMeasure(model.perCell)}</strong>,
          ],
        ]}
        numeric={[1, 2]}
      />
      <p className="note">
        Measured here on {formatCounted(maskedCells, "hidden place")} of{" "}
        {formatCounted(trajectories, "trajectory", "trajectories")} kept for testing.
      </p>
    </div>
  );
}

/** Whether neighbours in the embedding are neighbours on the ground, which nobody taught. */
function GeographyCheck({
  geography,
}: {
  geography: NonNullable<ModelResult["geography"]>;
}): JSX.Element {
  const { modelKm, randomKm, perfectKm, parents } = geography;
  return (
    <div data-table="geography">
      <p className="finding">
        The nearest neighbour of a parent cell <em>among the embeddings</em> lies{" "}
        {formatKm(modelKm)} away on the ground (median). By chance it would be {formatKm(randomKm)},
        at best {formatKm(perfectKm)}.
      </p>
      <p className="note">
        {formatCounted(parents, "parent cell")}; no label and no coordinate was used.
      </p>
    </div>
  );
}

function Figure({ outcome }: FigureProps<ModelStepSpec, ModelResult>): JSX.Element {
  const { geography, log, answers, perplexity } = outcome;
  return (
    <div className="figure-box">
      <Facts
        facts={[
          ["name", outcome.name],
          ["parameters", formatCount(outcome.parameters)],
          ["size of the weights", formatBytes(outcome.bytes)],
          ["layers × width", `${outcome.layers} × ${outcome.hiddenSize}`],
          ["attention heads", outcome.heads],
          ["vocabulary", formatCounted(outcome.vocabularySize, "piece")],
          ["longest input", formatCounted(outcome.maxLength, "token")],
          ["tokeniser", outcome.tokeniser],
        ]}
      />
      <div className="two-columns">
        {perplexity && <PerplexityTable perplexity={perplexity} />}
        {answers && <AdaptedNote answers={answers} />}
        {geography && <GeographyCheck geography={geography} />}
      </div>
      <div className="chart-and-table">
        <TrainingCurve log={log} untrained={perplexity?.twin.perToken} />
        {outcome.facts.length > 0 && (
          <div data-table="training-facts">
            <Table
              caption="What was trained on what, as the folder of the weights states it"
              head={["fact", "value"]}
              rows={outcome.facts.map(({ name, value }) => [name.replaceAll("_", " "), value])}
              numeric={[]}
            />
          </div>
        )}
      </div>
    </div>
  );
}

/** What was trained on what, and what it brought. */
export const modelView = stepView<ModelStepSpec, ModelResult>({
  kind: "model",
  toSpec: (authored) => modelKind.toSpec(authored),
  name: () => "Model",
  title: () => "The model, and what training brought",
  About,
  Figure,
  promise: "Here the facts of the model and its perplexity will stand.",
  heightPx: 420,
});
