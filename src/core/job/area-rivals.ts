import type { Progress } from "../pace";
import type { Matrix } from "../task/linear-model";
import { embedSequences } from "../task/table/embed-sequences";
import type { RunDone } from "../task/table/fill-table";
import { RIVALS } from "../task/table/rivals";
import type { RowName } from "../task/table/rows";
import { widthOf, type Examples } from "../task/tasks/examples";
import { factsOf } from "../task/tasks/registry";
import { joinLabels, takeAnswers, type Answers } from "../task/tasks/scoring";
import type { Labels } from "../task/tasks/types";
import { toSequence } from "../train/labelled-rows";
import type { AdaptStand } from "./adapt-stand";

/** Labelled cells that a rival is asked about. */
interface AskedCells {
  readonly cells: Uint32Array; // [N]
  readonly labels: Labels; // [N]
}

/** For rivals that look at no states. */
const NO_STATES: Matrix = { data: new Float32Array(0), width: 0 };

/** The table's examples with the asked cells behind them. */
function withCells({ examples, model }: AdaptStand, { cells, labels }: AskedCells): Examples {
  const { maxPositions } = model.folder.config;
  const asked = Array.from(cells, (cell) => toSequence(model.pieces, [cell], maxPositions));
  return {
    ...examples,
    count: examples.count + cells.length,
    sequences: [...examples.sequences, ...asked],
    labels: joinLabels(examples.labels, labels),
    homes: Uint32Array.from([...examples.homes, ...cells]),
    of: Uint32Array.from([...examples.of, ...cells]),
  };
}

/**
 * What a rival says of cells beyond the examples: it learns from the same ones as in the table, and the cells take the
 * place of the test. Yields progress; throws "stopped".
 */
export async function* askRival(
  row: RowName,
  stand: AdaptStand,
  { split }: RunDone,
  asked: AskedCells,
  signal: AbortSignal,
): AsyncGenerator<Progress, Answers, void> {
  const { task, data, seed, model } = stand;
  const examples = withCells(stand, asked);
  const { count } = stand.examples;
  const test = Uint32Array.from(asked.cells, (_, n) => count + n);
  const embed = (bert: typeof model.bert) => embedSequences(bert, examples.sequences, signal);
  const readsModel = row === "linear-probe" || row === "nearest-embeddings";
  const embeddings = {
    model: readsModel ? yield* embed(model.bert) : NO_STATES,
    twin: row === "twin-probe" ? yield* embed(model.twin) : NO_STATES,
  };
  const { centres } = data;
  const input = { task: factsOf(task), examples, split: { ...split, test }, centres, embeddings };
  const { answers } = yield* RIVALS[row]!({ ...input, seed, signal });
  return takeAnswers(answers, test, widthOf(asked.labels));
}
