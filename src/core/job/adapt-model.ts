import { FootfallError } from "../errors";
import { rowFacts } from "../task/table/rows";
import type { AdaptModelJob, AdaptModelResult } from "./adapt";
import { AdaptStand } from "./adapt-stand";
import { adaptedFiles } from "./adapted-folder";
import { toMade, type Report, type Session } from "./session";

/**
 * The model folder of a row, as `footfall evaluate --models` writes it. Throws as `runAdapt`, "no-data" for rows
 * without weights of their own.
 */
export async function* runAdaptModel(
  { table, row }: AdaptModelJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, AdaptModelResult, void> {
  const startedAt = performance.now();
  const stand = yield* AdaptStand.openFor(table, session, signal);
  const done = yield* stand.open(row, stand.settings.splits[0]!, signal);
  const files = adaptedFiles(stand, done);
  if (files === undefined) {
    const words = `${rowFacts(row).title} has no weights of its own for ${stand.task.title}`;
    throw new FootfallError("no-data", `${words}; take a row that is a model`);
  }
  const { dataset, model } = stand;
  return {
    files: Array.from(files, ([path, bytes]) => {
      return { path, blob: new Blob([bytes]) };
    }),
    made: toMade(startedAt, { seed: table.seed, data: dataset.key, model }),
  };
}
