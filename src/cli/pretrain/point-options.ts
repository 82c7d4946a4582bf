import type { Box } from "../../core/data/box";
import { RAW_BOX } from "../../core/data/box";
import { FootfallError } from "../../core/errors";
import type { WrittenWindows } from "../../core/job/write-windows";
import type { PointConfig, PointData } from "../../core/train/gpt/config";
import { POINT_PRESETS } from "../../core/train/gpt/config";
import type { CommandInput, CommandOption } from "../command";
import { choiceOf, numberOf, textOf } from "../values";
import { readGiven } from "./options";

type Values = CommandInput["values"];

/** Options that only a GPT on points has; it takes those of BERT's configuration that it knows as well. */
export const POINT_OPTIONS: Readonly<Record<string, CommandOption>> = {
  length: { type: "string", value: "N", help: "gpt: points of a window" },
  "decay-steps": { type: "string", value: "N", help: "gpt: steps of RAW's linear decay" },
  box: {
    type: "string",
    value: "BOX",
    help: "gpt: raw, data or SOUTH,WEST,NORTH,EAST that is -1 to 1",
    default: "the folder's",
  },
  "mask-off": { type: "boolean", help: "gpt: without the causal mask, to see what it is for" },
};

/** BERT's options that a GPT takes too. */
const SHARED = [
  "layers",
  "width",
  "heads",
  "learningRate",
  "warmup",
  "weightDecay",
  "beta1",
  "beta2",
  "epsilon",
  "clip",
  "batch",
  "accumulation",
  "seed",
] as const;

function readBox(values: Values, { bounds }: WrittenWindows): Box | undefined {
  const text = textOf(values, "box");
  if (text === undefined) return undefined;
  if (text === "raw") return RAW_BOX;
  if (text === "data") return bounds;
  const degrees = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (degrees.length === 4 && degrees.every(Number.isFinite)) return degrees as unknown as Box;
  throw new FootfallError(
    "bad-input",
    `--box ${text}: expected raw, data or SOUTH,WEST,NORTH,EAST in degrees`,
  );
}

function readOwn(values: Values): Partial<PointConfig> {
  const length = numberOf(values, "length", { from: 4, to: 8192 });
  const decaySteps = numberOf(values, "decay-steps", { from: 1, to: 1e9 });
  const schedule = choiceOf(values, "schedule", ["steps", "linear", "cosine", "constant"]);
  return {
    ...(length !== undefined && { length }),
    ...(decaySteps !== undefined && { decaySteps }),
    ...(schedule !== undefined && { schedule }),
    ...(values["mask-off"] === true && { isCausal: false }),
  };
}

/** Throws "bad-input" for options that only BERT has. */
function refuseOthers(given: object): void {
  const other = Object.keys(given).find((name) => !SHARED.some((known) => known === name));
  if (other === undefined) return;
  throw new FootfallError("bad-input", `a GPT on points has no ${other}; it is an option of BERT`);
}

/** The configuration: that of the run that goes on, or a preset on these data, with what was given. */
export function readPointConfig(
  values: Values,
  earlier: PointConfig | undefined,
  report: WrittenWindows,
): PointConfig {
  const preset = choiceOf(values, "preset", ["tiny", "small", "medium", "raw"]);
  const { intervalMin, fill, maxGapMin } = report.rules;
  const data: PointData = { box: report.box, intervalMin, fill, maxGapMin };
  const standard: PointConfig = { ...POINT_PRESETS[preset ?? "small"], ...data };
  const base = preset === undefined && earlier !== undefined ? earlier : standard;
  const { schedule: _, ...given } = readGiven({ ...values, schedule: undefined });
  refuseOthers(given);
  const box = readBox(values, report);
  return { ...base, ...given, ...readOwn(values), ...(box && { box }) } as PointConfig;
}
