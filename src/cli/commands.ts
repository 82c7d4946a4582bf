import type { Command } from "./command";

/** All commands by name; each is loaded when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  tokenise: () => import("./commands/tokenise"),
  windows: () => import("./commands/windows"),
  simulate: () => import("./commands/simulate"),
  truth: () => import("./commands/truth"),
  pretrain: () => import("./commands/pretrain"),
  sweep: () => import("./commands/sweep"),
  experiment: () => import("./commands/experiment"),
  evaluate: () => import("./commands/evaluate"),
  forward: () => import("./commands/forward"),
  embed: () => import("./commands/embed"),
  predict: () => import("./commands/predict"),
  bench: () => import("./commands/bench"),
};
