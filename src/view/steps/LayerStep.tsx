import type { JSX } from "react";
import type { LayerPreview } from "../../core/truth/layer-types";
import { layerKind, type LayerSpec } from "../../notebook/steps/layer";
import { fileName } from "../words";
import { lazyPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      What the layer holds and where it lies, before anything is measured. If the file says its
      coordinate system wrongly, or not at all, it is put right here.
    </p>
  );
}

const nameOf = ({ paths }: LayerSpec): string => fileName(paths[0] ?? "the layer");

/** A layer that somebody brought. */
export const layerView = stepView<LayerSpec, LayerPreview>({
  kind: "layer",
  toSpec: (authored) => layerKind.toSpec(authored),
  name: nameOf,
  title: ({ spec }) => `What is ${nameOf(spec)}?`,
  verb: () => "Look",
  About,
  Controls: lazyPart(() => import("../truth/LayerControls")),
  Figure: lazyPart(() => import("../truth/LayerFigure")),
  promise: "Here it will stand what the layer holds, and where it lies.",
  heightPx: 300,
});
