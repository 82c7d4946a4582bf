import { FootfallError } from "../../errors";

/** One of the layers that a file holds. */
interface Sublayer {
  readonly name: string;
  readonly hasAreas: boolean;
}

/** The layer that was taken. */
export interface ChosenLayer<L> {
  readonly layer: L;
  /** For people: the path, and the layer's name where there are several. */
  readonly name: string;
  /** Says what else there is where nobody chose. */
  readonly warnings: readonly string[];
}

/** The layer of this name, or else the first one with polygons. Throws "bad-input", "bad-file" for none. */
export function chooseLayer<L extends Sublayer>(
  layers: readonly L[],
  path: string,
  wanted: string | undefined,
): ChosenLayer<L> {
  if (layers.length === 0) throw new FootfallError("bad-file", `${path} holds no layer`);
  const names = layers.map(({ name }) => name);
  const layer =
    wanted === undefined
      ? (layers.find(({ hasAreas }) => hasAreas) ?? layers[0])
      : layers.find(({ name }) => name === wanted);
  if (layer === undefined) {
    throw new FootfallError(
      "bad-input",
      `${path} has no layer "${wanted}"; it has: ${names.join(", ")}`,
    );
  }
  const isOnly = layers.length === 1;
  const others = names.filter((name) => name !== layer.name);
  const warnings =
    isOnly || wanted !== undefined
      ? []
      : [`the layer "${layer.name}" was taken; the file also holds: ${others.join(", ")}`];
  return { layer, name: isOnly ? path : `${path} (${layer.name})`, warnings };
}
