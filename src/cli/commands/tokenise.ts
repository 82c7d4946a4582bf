import type { Command, CommandInput, CommandOutcome } from "../command";
import { writeFolder } from "../output";
import { describe, warnings } from "../tokenise/describe";
import { readPlan } from "../tokenise/plan";
import { tokenise } from "../tokenise/work";

async function run(input: CommandInput): Promise<CommandOutcome> {
  const plan = readPlan(input.values);
  const report = await writeFolder(plan.out, (folder) => tokenise(folder, plan, input));
  warnings(report).forEach(input.note);
  return { document: report, lines: describe(report, plan.out) };
}

export const command: Command = {
  summary: "Turns points into check-ins, monthly trajectories and token shards.",
  usage: "FILE... --out DIR | --country SIZE --out DIR",
  options: {
    out: { type: "string", value: "DIR", help: "folder to write" },
    country: {
      type: "string",
      value: "SIZE",
      help: "the simulated country instead of files: small, medium, large",
    },
    residents: { type: "string", value: "N", help: "residents of the country", default: "by size" },
    format: { type: "string", value: "NAME", help: "csv or tsv", default: "guessed" },
    columns: {
      type: "string",
      value: "LIST",
      help: "user=NAME,time=NAME,lat=NAME,lng=NAME, or some",
      default: "guessed",
    },
    "time-unit": {
      type: "string",
      value: "UNIT",
      help: "seconds, milliseconds, microseconds, minutes",
      default: "guessed",
    },
    "time-origin": {
      type: "string",
      value: "TIME",
      help: "zero of a numeric time column",
      default: "1970-01-01",
    },
    resolution: { type: "string", value: "N", help: "H3 resolution", default: "8" },
    "window-min": {
      type: "string",
      value: "N",
      help: "minutes in which points of a cell are one check-in",
      default: "10",
    },
    "min-check-ins": {
      type: "string",
      value: "N",
      help: "shorter trajectories are dropped",
      default: "10",
    },
    "min-cells": {
      type: "string",
      value: "N",
      help: "trajectories of fewer cells are dropped",
      default: "3",
    },
    "utc-offset": {
      type: "string",
      value: "HOURS",
      help: "local clock that says where a month begins",
      default: "by longitude",
    },
    split: {
      type: "string",
      value: "BY",
      help: "70/15/15 by user, or by trajectory as the paper",
      default: "user",
    },
    tokeniser: {
      type: "string",
      value: "NAME",
      help: 'digits, "digits:4|2|2", wordpiece, flat',
      default: "digits",
    },
    vocabulary: {
      type: "string",
      value: "N",
      help: "largest vocabulary of wordpiece",
      default: "30000",
    },
    "keep-users": {
      type: "string",
      value: "REASON",
      help: "keep the users' own names, and say why",
      default: "random ids",
    },
    seed: { type: "string", value: "N", help: "seed of splits, names and country", default: "123" },
  },
  run,
};
