import {
  hashLayer,
  restoreTruths,
  type LayerAtHand,
  type TruthOrigins,
} from "../../core/job/adapt-truths";
import { finish } from "../../core/pace";
import type { AdaptSpec, ChosenTruth } from "../../notebook/steps/adapt";
import { filesOf, layerKind } from "../../notebook/steps/layer";
import { truthKind } from "../../notebook/steps/truth";
import type { Notebook } from "../../notebook/store";

/** What a truth step and its layer say now, to be kept with the table's spec. */
export function toChosen({ store }: Pick<Notebook, "store">, id: string): ChosenTruth {
  const { authored } = store.getState();
  const step = authored[id];
  const layer = authored[step?.inputs?.["layer"] ?? ""];
  return {
    id,
    layer: layerKind.toSpec(layer?.spec ?? {}),
    truth: truthKind.toSpec(step?.spec ?? {}),
  };
}

type ChosenTruths = NonNullable<AdaptSpec["truths"]>;
type Layers = Pick<Notebook, "store" | "filesOf">;

/** The layer of a truth step with the hash of its files; none where the page has lost them. */
async function atHandOf(notebook: Layers, id: string): Promise<LayerAtHand<ChosenTruth>[]> {
  const layer = toChosen(notebook, id);
  const { paths, files } = layer.layer;
  const context = { filesOf: (name: string) => [...notebook.filesOf(name)] };
  try {
    const found = files === "" ? paths.map((path) => ({ path })) : filesOf(layer.layer, context);
    return [{ hash: await finish(hashLayer(found)), files: paths, layer }];
  } catch {
    return []; // the manifest’s truth is missing then, which is told
  }
}

/** Truths of a manifest among the layers of a notebook, and what is missing, a sentence each. Steps stay as they are. */
export async function restoreChosen(
  origins: TruthOrigins,
  notebook: Layers,
): Promise<{ truths: ChosenTruths; problems: readonly string[] }> {
  const { order, authored } = notebook.store.getState();
  const ids = order.filter((id) => authored[id]?.kind === "truth");
  const atHand = await Promise.all(ids.map((id) => atHandOf(notebook, id)));
  const restored = restoreTruths(origins, atHand.flat());
  const truths = Object.entries(restored.truths).map(([role, { layer: chosen, of }]) => {
    const { layer, truth, id } = chosen;
    const { choice, hints = layer.hints } = of;
    const asked = { name: truth.name, ...(choice && { choice }) };
    return [role, { id, layer: { ...layer, hints }, truth: asked }];
  });
  return { truths: Object.fromEntries(truths) as ChosenTruths, problems: restored.problems };
}
