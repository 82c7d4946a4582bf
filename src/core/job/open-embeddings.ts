import { embedCells } from "../model/embed";
import type { Progress } from "../pace";
import { fingerprint } from "../world/fingerprint";
import type { Dataset } from "./open-dataset";
import type { OpenModel } from "./open-model";
import { keep, type Session } from "./session";

/**
 * Embeddings of some cells by the model or its twin, [rows, C], kept between jobs: steps that ask about the
 * same cells with the same weights differ in their truth alone. Throws "stopped".
 */
export function openEmbeddings(
  which: "bert" | "twin",
  rows: Uint32Array,
  {
    dataset,
    model,
    session,
    signal,
  }: {
    dataset: Dataset;
    model: OpenModel;
    session: Session;
    signal: AbortSignal;
  },
): AsyncGenerator<Progress, Float32Array, void> {
  const key = `embeddings by ${which} of ${model.key} of ${dataset.key} ${fingerprint([rows])}`;
  return keep(session, key, () => embedCells(model[which], model.pieces, { cells: rows, signal }));
}
