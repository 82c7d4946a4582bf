import { FootfallError } from "../errors";
import { initialiseBert } from "../model/parameters";
import type { Corpus } from "../token/read-shards";
import { countRows, planEpoch } from "./batches";
import { checkCheckpoint } from "./checkpoint";
import { checkPretrainConfig, toBertConfig } from "./config";
import type { Layout } from "./layout";
import { createLayout, unflattenTensors } from "./layout";
import type { PretrainOptions, PretrainReport, PretrainResult } from "./reports";
import { maskedObjective } from "./objectives/masked";
import type { BertTrainer } from "./run";
import { Run } from "./run";
import type { DataFacts, RunState } from "./state";
import { NOTHING_RECENT } from "./state";
import { Trainer, startState } from "./trainer";

/** FNV-1a over the tokens: another data set under the same name is noticed. */
function hashTokens({ tokens }: Corpus): string {
  let hash = 0x811c9dc5;
  for (const token of tokens) hash = Math.imul(hash ^ token, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function describeData(train: Corpus): DataFacts {
  return { trajectories: countRows(train), tokens: train.tokens.length, hash: hashTokens(train) };
}

function freshState(options: PretrainOptions): RunState {
  const { config, budget, vocabularySize, data } = options;
  return {
    config,
    budget,
    vocabularySize,
    data: describeData(data.train),
    step: 0,
    tokens: 0,
    seconds: 0,
    validations: 0,
    recent: NOTHING_RECENT,
    log: [],
    best: undefined,
    rateFactor: 1,
  };
}

function checkData({ data, config }: PretrainOptions): void {
  if (countRows(data.train) === 0) {
    throw new FootfallError("no-data", "the training part holds no trajectory");
  }
  planEpoch(data.train, config, 0);
}

function openTrainer(options: PretrainOptions, layout: Layout, state: RunState): BertTrainer {
  const { checkpoint, config } = options;
  if (checkpoint !== undefined) {
    checkCheckpoint(checkpoint, layout, state);
    return new Trainer(layout, maskedObjective, config, checkpoint.tensors);
  }
  const start = startState(layout, initialiseBert(layout.config, config.seed));
  return new Trainer(layout, maskedObjective, config, start);
}

/**
 * Pre-trains a BERT by masked trajectory modelling on the open engine. Yields reports, and a checkpoint at least
 * every `checkpointSeconds` and when it is stopped; from a checkpoint the run goes on as if it had never stopped,
 * to the bit, on the same engine. Throws "bad-input", "no-data", "not-finite", "stopped"; frees all it made.
 */
export async function* pretrain(
  options: PretrainOptions,
): AsyncGenerator<PretrainReport, PretrainResult, void> {
  checkPretrainConfig(options.config);
  checkData(options);
  const layout = createLayout(toBertConfig(options.config, options.vocabularySize));
  const fresh = freshState(options);
  const trainer = openTrainer(options, layout, fresh);
  try {
    const run = new Run(options, options.checkpoint?.state ?? fresh, trainer);
    try {
      yield* run.work();
    } catch (error) {
      // a step that was broken off has changed nothing: what was reached is kept
      if (error instanceof FootfallError && error.code === "stopped") yield await run.save();
      throw error;
    }
    const tensors = await trainer.read();
    const state = run.state;
    return {
      checkpoint: { state, tensors },
      tensors: unflattenTensors(layout, tensors.parameters),
    };
  } finally {
    trainer.dispose();
  }
}
