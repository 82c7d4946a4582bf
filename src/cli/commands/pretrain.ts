import type { Engine } from "../../core/gpu/engine";
import { countParameters } from "../../core/model/parameters";
import { piecesEnd } from "../../core/token/extras";
import { readTokeniser } from "../../core/token/read-tokeniser";
import { readCorpus } from "../../core/token/read-shards";
import type { Tokeniser } from "../../core/token/tokeniser";
import { differencesFromPaper, toBertConfig, withExtrasOf } from "../../core/train/config";
import type { BertFamily } from "../../core/train/course";
import { checkFits, limitsOf } from "../../core/train/estimate";
import { createLayout } from "../../core/train/layout";
import type { RunFacts } from "../../core/train/model-files";
import { modelFiles } from "../../core/train/model-files";
import { pretrain } from "../../core/train/pretrain";
import type { PretrainOptions, PretrainReport } from "../../core/train/reports";
import type { RunState } from "../../core/train/state";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { ENGINE_OPTIONS, openNodeEngine, readEnginePlan } from "../engine";
import { readTokenReport, readerOf } from "../evaluate/token-folder";
import { findCheckpoint } from "../pretrain/folder";
import { CONFIG_OPTIONS, readBudget, readConfig } from "../pretrain/options";
import { POINT_OPTIONS } from "../pretrain/point-options";
import { runPoints } from "../pretrain/points";
import type { Showing } from "../pretrain/work";
import { onEngine, readPacing, runFacts, trainToEnd } from "../pretrain/work";
import { choiceOf, requiredText } from "../values";

async function readData(data: string) {
  const report = await readTokenReport(data);
  const read = readerOf(data);
  const { vocabularySize: V, splits } = report.tokens;
  const bytes = await read("tokenizer.json");
  const tokeniser: Tokeniser | undefined =
    bytes && readTokeniser(JSON.parse(new TextDecoder().decode(bytes)));
  const extras = tokeniser?.extras;
  const end = piecesEnd({ extras, vocabularySize: V });
  return {
    V,
    tokeniser,
    train: await readCorpus(read, splits.train.shards, end, extras),
    validation: await readCorpus(read, splits.validation.shards, end, extras),
  };
}

/** The options of a run, read and checked, with the data. */
async function readPlan(input: CommandInput) {
  const { values, signal } = input;
  const data = requiredText(values, "data", "a folder that footfall tokenise wrote");
  const out = requiredText(values, "out", "the folder of the run");
  const plan = readEnginePlan(values);
  const checkpoint = await findCheckpoint<RunState>(out, values["resume"] === true);
  const given = readConfig(values, checkpoint?.state.config);
  const budget = readBudget(values, given, checkpoint?.state.budget);
  const { V, tokeniser, train, validation } = await readData(data);
  const config = withExtrasOf(given, tokeniser?.extras);
  const options: PretrainOptions = {
    config,
    budget,
    data: { train, validation },
    vocabularySize: V,
    checkpoint,
    ...readPacing(values),
    signal,
  };
  return { data, out, plan, options, tokeniser };
}

const perplexity = (value: number): string => value.toFixed(value < 100 ? 2 : 0);

/** One line on stderr about a report. */
function describeReport(report: PretrainReport & { readonly kind: "step" | "validation" }): string {
  if (report.kind === "step") {
    const { step, perplexity: value, learningRate = 0 } = report.row;
    return `step ${step}: perplexity ${perplexity(value)}, learning rate ${learningRate.toExponential(2)}, ${Math.round(report.tokensPerSecond).toLocaleString("en")} tokens/s`;
  }
  const { row } = report;
  return `step ${row.step}, validation: perplexity ${perplexity(row.perplexity)} a token, ${perplexity(row.cellPerplexity!)} a check-in, ${perplexity(row.sequentialCellPerplexity!)} piece by piece`;
}

function outcomeOf(
  state: RunState,
  { baselines }: RunFacts,
  { data, out, engine }: { data: string; out: string; engine: Engine },
): CommandOutcome {
  const validations = state.log.filter(({ split }) => split === "validation");
  const [first, last] = [validations[0], validations.at(-1)];
  const { config, step, tokens, seconds } = state;
  const parameters = countParameters(toBertConfig(config, state.vocabularySize));
  return {
    document: {
      data,
      out,
      ...runFacts(state, engine),
      parameters,
      tokens,
      tokensPerSecond: Math.round(tokens / seconds),
      notPaper: differencesFromPaper(config),
      baselines,
    },
    lines: [
      `${out}: ${step} steps, ${tokens.toLocaleString("en")} tokens, ${Math.round(seconds)} s on ${engine.kind} (${engine.description})`,
      ...(first && last
        ? [
            `validation perplexity ${perplexity(last.perplexity)} a token (before: ${perplexity(first.perplexity)}), ${perplexity(last.cellPerplexity!)} a check-in (before: ${perplexity(first.cellPerplexity!)})`,
          ]
        : []),
      ...(baselines
        ? [
            `baselines: frequency ${perplexity(baselines.frequency.perplexity)} a token, ${perplexity(baselines.frequency.cellPerplexity)} a check-in; persistence ${perplexity(baselines.persistence.cellPerplexity)} a check-in`,
          ]
        : []),
    ],
  };
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const model = choiceOf(input.values, "model", ["bert", "gpt"]) ?? "bert";
  return model === "gpt" ? runPoints(input) : runBert(input);
}

async function runBert(input: CommandInput): Promise<CommandOutcome> {
  const { data, out, plan, options, tokeniser } = await readPlan(input);
  const engine = await openNodeEngine(plan);
  if (engine.reason !== undefined) input.note(engine.reason);
  try {
    checkFits(options.config, options.vocabularySize, limitsOf(engine));
    const facts: RunFacts = { engine: engine.description, tokeniser, baselines: undefined };
    const showing: Showing<BertFamily> = {
      config: options.config,
      out,
      describe: describeReport,
      files: (state) => ({
        layout: createLayout(toBertConfig(state.config, state.vocabularySize)),
        write: (tensors) => modelFiles(state, tensors, facts),
      }),
      onBaselines: (scores) => (facts.baselines = scores),
    };
    const state = await trainToEnd(pretrain(onEngine(options, engine)), showing, input);
    return outcomeOf(state, facts, { data, out, engine });
  } finally {
    engine.dispose();
  }
}

export const command: Command = {
  summary:
    "Pre-trains BERT on tokens by masked trajectory modelling, or a GPT on points; writes a model folder.",
  usage: "--data DIR --out DIR [--preset tiny|small|base] [--steps N | --minutes M]",
  options: {
    model: { type: "string", value: "NAME", help: "bert, or gpt: RAW on points", default: "bert" },
    data: { type: "string", value: "DIR", help: "folder that tokenise wrote; gpt: windows" },
    out: {
      type: "string",
      value: "DIR",
      help: "gets the model folder, its log and its checkpoint",
    },
    preset: {
      type: "string",
      value: "NAME",
      help: "tiny, small, base; gpt: tiny, small, medium, raw",
      default: "small",
    },
    steps: { type: "string", value: "N", help: "length of the run in steps" },
    minutes: {
      type: "string",
      value: "N",
      help: "or by the clock, then it cannot be repeated exactly",
    },
    epochs: {
      type: "string",
      value: "N",
      help: "or in passes over the data",
      default: "the preset's",
    },
    ...ENGINE_OPTIONS,
    resume: { type: "boolean", help: "go on from the checkpoint in --out, as if never stopped" },
    ...CONFIG_OPTIONS,
    ...POINT_OPTIONS,
    "report-every": { type: "string", value: "N", help: "steps between reports", default: "10" },
    validations: { type: "string", value: "N", help: "spread over the run", default: "20" },
    "validation-rows": { type: "string", value: "N", help: "trajectories each", default: "500" },
    "checkpoint-seconds": {
      type: "string",
      value: "N",
      help: "at most between two",
      default: "30",
    },
  },
  run,
};
