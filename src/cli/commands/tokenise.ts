import { SHAPE_OPTION } from "../country";
import type { Command, CommandInput, CommandOption, CommandOutcome } from "../command";
import { textOption as text } from "../command";
import { writeFolder } from "../output";
import { describe, warnings } from "../tokenise/describe";
import { readPlan } from "../tokenise/plan";
import { READING } from "../tokenise/read-options";
import { tokenise } from "../tokenise/work";

async function run(input: CommandInput): Promise<CommandOutcome> {
  const plan = readPlan(input.values);
  const report = await writeFolder(plan.out, (folder) => tokenise(folder, plan, input));
  warnings(report).forEach(input.note);
  return { document: report, lines: describe(report, plan.out) };
}

const RULES: Record<string, CommandOption> = {
  resolution: text("N", "H3 resolution", "8"),
  stays: text("RULE", "what is a check-in: window, stops or resample", "window"),
  "window-min": text("N", "window: minutes in which points of a cell are one check-in", "10"),
  "radius-m": text("M", "stops: how far from its first point a stop reaches", "200"),
  "min-stop-min": text("N", "stops: how long one lasts at least", "20"),
  "interval-min": text("N", "resample: minutes between two positions", "15"),
  fill: text("HOW", "resample: hold, linear or drop, where no point is", "hold"),
  "max-points": text("N", "resample: longer trajectories are cut", "960"),
  "max-gap-min": text("N", "stops, resample: longer gaps are not bridged", "1440"),
  window: text("SPAN", "of a trajectory: month, week, day, 10-days or whole", "month"),
  "min-check-ins": text("N", "shorter trajectories are dropped", "10"),
  "min-cells": text("N", "trajectories of fewer cells are dropped", "3"),
  zone: text("ZONE", "local clock that says where a month begins, such as Asia/Tokyo"),
  "utc-offset": text("HOURS", "the same as hours ahead of UTC", "the file's, or by longitude"),
  drop: text("LIST", "duplicates,clocks,speed, or some", "none"),
  "max-speed-kmh": text("N", "faster is called impossible", "1000"),
  holidays: text("COUNTRY", "public holidays of a country or region (JP, DE-BY): calendar.json"),
};

export const command: Command = {
  summary: "Turns points into check-ins, trajectories and token shards.",
  usage: "FILE... --out DIR | --country SIZE --out DIR",
  options: {
    out: text("DIR", "folder to write"),
    country: text("SIZE", "the simulated country instead of files: small, medium, large"),
    shape: SHAPE_OPTION,
    residents: text("N", "residents of the country", "by size"),
    ...READING,
    ...RULES,
    split: text("BY", "70/15/15 by user, or by trajectory as the paper", "user"),
    tokeniser: text("NAME", 'digits, "digits:4|2|2", wordpiece, flat', "digits"),
    vocabulary: text("N", "largest vocabulary of wordpiece", "30000"),
    "user-tokens": text("N", "tokens for the N most active people: the model knows them", "none"),
    "time-tokens": {
      type: "boolean",
      help: "a token of the hour of the week before each check-in",
    },
    "keep-users": text("REASON", "keep the users' own names, and say why", "random ids"),
    seed: text("N", "seed of splits, names and country", "123"),
    backend: text("NAME", "what finds the cells, cpu or webgpu; both find the same", "cpu"),
  },
  run,
};
