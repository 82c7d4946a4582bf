import type { JSX } from "react";
import type { EmbeddingsResult } from "../../core/job/embeddings";
import { embeddingsKind, type EmbeddingsSpec } from "../../notebook/steps/embeddings";
import { RemoveStep } from "../RemoveStep";
import { fileName } from "../words";
import { lazyPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      Embeddings of another program, a row for each cell or for each person, whose cells then have
      the mean of their visitors. Every task can be asked of them as of the model.
    </p>
  );
}

const nameOf = ({ paths }: EmbeddingsSpec): string => fileName(paths[0] ?? "the embeddings");

/** Embeddings that somebody brought (DI-20). */
export const embeddingsView = stepView<EmbeddingsSpec, EmbeddingsResult>({
  kind: "embeddings",
  toSpec: (authored) => embeddingsKind.toSpec(authored),
  name: nameOf,
  title: ({ spec }) => `The embeddings of ${nameOf(spec)}`,
  About,
  Controls: () => <RemoveStep what="the embeddings" />,
  Figure: lazyPart(() => import("../truth/EmbeddingsFigure")),
  promise: "Here the embeddings will stand on the map.",
  heightPx: 420,
});
