import { FootfallError } from "../errors";
import { initialiseBert } from "../model/parameters";
import type { Corpus } from "../token/read-shards";
import { countRows, planEpoch } from "./batches";
import { checkPretrainConfig, toBertConfig } from "./config";
import type { BertFamily } from "./course";
import { createLayout } from "./layout";
import { MaskedCourse } from "./masked-course";
import { maskedObjective } from "./objectives/masked";
import type { PretrainOptions, PretrainReport, PretrainResult } from "./reports";
import type { DataFacts } from "./state";
import { freshProgress, hashNumbers } from "./state";
import type { Lesson } from "./teach";
import { teach } from "./teach";

function describeData(train: Corpus): DataFacts {
  const { tokens } = train;
  return { trajectories: countRows(train), tokens: tokens.length, hash: hashNumbers(tokens) };
}

function checkData({ data, config }: PretrainOptions): void {
  if (countRows(data.train) === 0) {
    throw new FootfallError("no-data", "the training part holds no trajectory");
  }
  planEpoch(data.train, config, 0);
  const parts = [data.train, data.validation];
  const wantsHours = config.times !== "none" || data.train.extras?.times === "week";
  if (wantsHours && parts.some(({ hours }) => hours === undefined)) {
    throw new FootfallError(
      "no-data",
      "these tokens do not tell the hours of their check-ins; write them again (footfall tokenise), or train without times",
    );
  }
  const wantsUsers = (data.train.extras?.users ?? 0) > 0;
  if (wantsUsers && parts.some(({ users }) => users === undefined)) {
    throw new FootfallError(
      "no-data",
      "the vocabulary has tokens for people, but these tokens do not tell whose they are; write them again (footfall tokenise --user-tokens)",
    );
  }
}

/**
 * Pre-trains a BERT by masked trajectory modelling on the open engine, as `teach` says. Throws "bad-input",
 * "no-data", "not-finite", "stopped"; frees all it made.
 */
export async function* pretrain(
  options: PretrainOptions,
): AsyncGenerator<PretrainReport, PretrainResult, void> {
  const { config, budget, vocabularySize, data } = options;
  checkPretrainConfig(config);
  checkData(options);
  const layout = createLayout(toBertConfig(config, vocabularySize));
  const lesson: Lesson<BertFamily> = {
    course: new MaskedCourse(options),
    layout,
    objective: maskedObjective,
    constants: config,
    start: () => options.start ?? initialiseBert(layout.config, config.seed),
    fresh: { ...freshProgress(config, budget, describeData(data.train)), vocabularySize },
  };
  return yield* teach(lesson, options);
}
