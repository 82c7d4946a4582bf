import type { Engine } from "../../core/gpu/engine";
import type { CardData } from "../../core/job/card-layout";
import { withCard } from "../../core/job/model-card";
import { checkOf } from "../../core/job/training";
import { parseJson } from "../../core/model/folder";
import { isOutOfMemory } from "../../core/memory-errors";
import type { Family } from "../../core/train/course";
import { explainMemory, inPasses, type Passes } from "../../core/train/passes";
import type { RunOptions, RunReport, RunResult } from "../../core/train/reports";
import type { AnyState } from "../../core/train/checkpoint";
import type { CommandInput } from "../command";
import { readerOf, type TokenReport } from "../evaluate/token-folder";
import { numberOf, requiredText } from "../values";
import type { RunFiles } from "./folder";
import { writeRun } from "./folder";

/** The options as a run goes on with them: in the passes of its configuration, looking at what the engine refuses. */
export function onEngine<F extends Family, O extends RunOptions<F> & { config: Passes }>(
  options: O,
  engine: Engine,
): O {
  const { config, checkpoint } = options;
  return { ...options, checkpoint: inPasses(checkpoint, config), checkEngine: checkOf(engine) };
}

/** The same work; sleep is noted, and memory that runs out is told with what would fit. */
export async function* watched<F extends Family>(
  work: AsyncGenerator<RunReport<F>, RunResult<F>, void>,
  config: Passes,
  { note }: Pick<CommandInput, "note">,
): AsyncGenerator<RunReport<F>, RunResult<F>, void> {
  let step = 0;
  let savedStep: number | undefined;
  try {
    for (;;) {
      const { done, value } = await work.next();
      if (done) return value;
      if (value.kind === "step" || value.kind === "validation") step = value.row.step;
      if (value.kind === "slept") {
        const minutes = (value.seconds / 60).toFixed(1);
        note(`slept for ${minutes} minutes after step ${step}; that time does not count`);
      }
      yield value;
      if (value.kind === "checkpoint") savedStep = value.checkpoint.state.step;
    }
  } catch (thrown) {
    throw isOutOfMemory(thrown) ? explainMemory(thrown, { config, step, savedStep }) : thrown;
  }
}

/** What one kind of model brings to a run of the command line. */
export interface Showing<F extends Family> {
  readonly config: Passes;
  /** The folder of the run. */
  readonly out: string;
  /** Of a report of steps or of a validation, one line. */
  readonly describe: (report: RunReport<F> & { readonly kind: "step" | "validation" }) => string;
  readonly files: (state: F["state"]) => RunFiles;
  readonly onBaselines: (scores: F["baselines"]) => void;
}

/** What a card says of the folder of --data. */
async function readCardData(path: string): Promise<CardData> {
  const bytes = await readerOf(path)("report.json");
  if (bytes === undefined) return { isSimulated: false };
  const { name, simulated, period, rareCells } = parseJson(
    bytes,
    `${path}/report.json`,
  ) as Partial<TokenReport>;
  return { name, isSimulated: simulated === true, period, rareCells };
}

const withCardOf = ({ layout, write }: RunFiles, data: CardData, state: AnyState): RunFiles => ({
  layout,
  write: (tensors) => withCard(write(tensors), data, state.data),
});

/** Runs the training to its end, writing checkpoints; tells the last state. */
export async function trainToEnd<F extends Family>(
  work: AsyncGenerator<RunReport<F>, RunResult<F>, void>,
  { config, out, describe, files, onBaselines }: Showing<F>,
  { values, progress, note }: CommandInput,
): Promise<F["state"]> {
  const watching = watched(work, config, { note });
  const data = await readCardData(requiredText(values, "data", "the folder of the data"));
  for (;;) {
    const { done, value } = await watching.next();
    if (done) return value.checkpoint.state;
    progress(value);
    if (value.kind === "baselines") onBaselines(value.scores);
    if (value.kind === "checkpoint") {
      const { state } = value.checkpoint;
      await writeRun(out, value.checkpoint, value.best, withCardOf(files(state), data, state));
    }
    if (value.kind === "step" || value.kind === "validation") note(describe(value));
    if (value.kind !== "validation") continue;
    for (const { kind, sentence } of value.failures) note(`${kind}: ${sentence}`);
  }
}

/** What a run is told of its reports and checkpoints. */
export function readPacing(values: CommandInput["values"]) {
  return {
    reportEvery: numberOf(values, "report-every", { from: 1, to: 1e6 }),
    validations: numberOf(values, "validations", { from: 1, to: 1e5 }),
    validationRows: numberOf(values, "validation-rows", { from: 1, to: 1e6 }),
    checkpointSeconds: numberOf(values, "checkpoint-seconds", { from: 1, to: 1e6 }),
  };
}

/** What the document of every run says. */
export function runFacts({ config, budget, step, seconds, log, best }: AnyState, engine: Engine) {
  const validations = log.filter(({ split }) => split === "validation");
  return {
    backend: engine.kind,
    engine: engine.description,
    steps: step,
    seconds,
    config,
    budget,
    initial: validations[0],
    validation: validations.at(-1),
    best,
  };
}
