import type { Progress } from "../core/pace";

/** One option of a command; `--help` is made from these. */
export interface CommandOption {
  type: "string" | "boolean";
  help: string;
  /** What stands for the value in the help, such as DIR. */
  value?: string;
  default?: string;
}

/** An option that takes a text, with what stands for it where it is not given. */
export function textOption(value: string, help: string, standard?: string): CommandOption {
  return { type: "string", value, help, ...(standard === undefined ? {} : { default: standard }) };
}

/** What a command is given. */
export interface CommandInput {
  values: Readonly<Record<string, string | boolean | undefined>>;
  positionals: readonly string[];
  /** Shows a report on stderr. */
  progress: (report: Progress) => void;
  /** One line on stderr that stays. */
  note: (line: string) => void;
  signal: AbortSignal;
}

/** What a command ends with: the document for --json, and the lines for people. */
export interface CommandOutcome {
  document: unknown;
  lines: readonly string[];
}

/** A command is a file in commands/ that exports one of these as `command`. */
export interface Command {
  summary: string;
  /** What follows the command's name in the help: "FILE... --out DIR". */
  usage: string;
  options: Readonly<Record<string, CommandOption>>;
  run: (input: CommandInput) => Promise<CommandOutcome>;
}
