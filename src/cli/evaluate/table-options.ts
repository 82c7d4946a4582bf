import { TASK_NAMES } from "../../core/task/tasks/registry";
import type { CommandOption } from "../command";
import { SHAPE_OPTION } from "../country";
import { ASKING_EXPERIMENTS } from "./experiments";

/** How an option says something else to tasks about cells than to those about months. */
const APART = "or cells=N,months=N";

/** Options of the tables, beside those of the command. */
export const TABLE_OPTIONS: Readonly<Record<string, CommandOption>> = {
  all: { type: "boolean", help: "fill the tables of all tasks" },
  task: { type: "string", value: "A,B", help: `or of some: ${TASK_NAMES.join(", ")}` },
  experiments: {
    type: "string",
    value: "A,B",
    help: `also ask ${ASKING_EXPERIMENTS.join(", ")}; with --all by themselves, none to leave out`,
  },
  "experiment-minutes": {
    type: "string",
    value: "N",
    help: "begin no part of an experiment after so long; the next call goes on",
    default: "10",
  },
  manifest: {
    type: "string",
    value: "FILE",
    help: "or that of a manifest, with its settings and seed; says whether it comes out the same",
  },
  country: { type: "string", value: "SIZE", help: "the simulated one instead of --tokens" },
  shape: SHAPE_OPTION,
  truths: {
    type: "string",
    value: "FILE",
    help: 'JSON: {"prefecture": {"file": "x.geojson", "choice": {...}}, ...}',
  },
  out: { type: "string", value: "DIR", help: "gets results.json and results.md; goes on there" },
  into: {
    type: "string",
    value: "FILE",
    help: "Markdown that gets the tables between <!-- tables NAME --> and <!-- end NAME -->, NAME of --out",
  },
  jobs: {
    type: "string",
    value: "N",
    help: "tables at a time, each in a process with --threads of its own (1)",
    default: "1",
  },
  minutes: { type: "string", value: "N", help: "begin no run after so long" },
  models: {
    type: "boolean",
    help: "also write the adapted models of the first seed and split: DIR/models/TASK/ROW",
  },
  "table-preset": { type: "string", value: "NAME", help: "paper or scaled", default: "scaled" },
  samples: { type: "string", value: "N", help: `examples of each task; ${APART}` },
  seeds: { type: "string", value: "N", help: "runs of each row", default: "3" },
  splits: { type: "string", value: "A,B", help: "random, block", default: "both" },
  rows: { type: "string", value: "A,B", help: "some rows of the tables", default: "all" },
  epochs: { type: "string", value: "N", help: `over the examples; ${APART}` },
  "learning-rate": { type: "string", value: "X", help: `the largest; ${APART}` },
  batch: { type: "string", value: "N", help: `examples of one step; ${APART}` },
  shown: { type: "string", value: "SHARE", help: "of a month, for destinations", default: "0.25" },
};
