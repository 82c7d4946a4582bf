import { writeModelFolder } from "../model/folder";
import type { HostTensors } from "../model/safetensors";
import type { Tokeniser } from "../token/tokeniser";
import type { BaselineScores } from "./baselines";
import { toBertConfig } from "./config";
import type { RunState } from "./state";

/** What config.json tells about a run besides its state. */
export interface RunFacts {
  readonly engine: string;
  readonly tokeniser: Tokeniser | undefined;
  baselines: BaselineScores | undefined;
}

/** The scores of a validation as config.json keeps them, under the names of `scale/`. */
function scoresAt(state: RunState, which: "first" | "last") {
  const rows = state.log.filter(({ split }) => split === "validation");
  const row = which === "first" ? rows[0] : rows.at(-1);
  if (row === undefined) return undefined;
  const { perplexity, cellPerplexity, sequentialCellPerplexity, maskedCells } = row;
  return { perplexity, cellPerplexity, sequentialCellPerplexity, maskedCells };
}

function notesOf(state: RunState, { engine, baselines }: RunFacts): Record<string, unknown> {
  const initial = scoresAt(state, "first");
  return {
    recipe: { ...state.config, budget: state.budget },
    steps: state.step,
    tokens: state.tokens,
    seconds: Math.round(state.seconds),
    engine,
    initialPerplexity: initial?.perplexity,
    initial,
    validation: scoresAt(state, "last"),
    best: state.best,
    baselines,
  };
}

/** The Hugging Face folder of some parameters of a run, by name. */
export function modelFiles(
  state: RunState,
  tensors: HostTensors,
  facts: RunFacts,
): Map<string, Uint8Array> {
  const bert = toBertConfig(state.config, state.vocabularySize);
  const config = { ...bert, notes: notesOf(state, facts) };
  return writeModelFolder({ config, tensors, tokeniser: facts.tokeniser, log: state.log });
}
