import { parseArgs } from "node:util";
import { FootfallError, toFootfallError, type ErrorCode } from "../core/errors";
import type { Command } from "./command";
import { COMMANDS } from "./commands";
import { commandHelp, overview } from "./help";
import { createProgressLine } from "./progress";
import { COMMON_OPTIONS } from "./values";

/** Errors that the person at the keyboard can mend: exit status 2. */
const BAD_INPUT: ReadonlySet<ErrorCode> = new Set([
  "bad-input",
  "bad-file",
  "missing-column",
  "missing-file",
  "no-data",
  "token-out-of-range",
  "weights-mismatch",
]);
const STOPPED_STATUS = 130;

/** "--utc-offset -5" as "--utc-offset=-5": parseArgs takes the number for an option. */
function joinNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    const isValue = /^-\d/.test(arg) && last?.startsWith("--") && !last.includes("=");
    if (isValue) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function parse(args: readonly string[], command: Command) {
  const all = { ...command.options, ...COMMON_OPTIONS };
  const options = Object.fromEntries(
    Object.entries(all).map(([name, { type }]) => [name, { type }]),
  );
  try {
    return parseArgs({ args: joinNegativeNumbers(args), options, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [sentence = message] = message.split(/\. |\n/);
    throw new FootfallError("bad-input", sentence, { cause });
  }
}

function statusOf({ code }: FootfallError): number {
  if (code === "stopped") return STOPPED_STATUS;
  return BAD_INPUT.has(code) ? 2 : 1;
}

async function runCommand(name: string, args: readonly string[]): Promise<void> {
  const load = COMMANDS[name];
  if (!load) {
    const known = Object.keys(COMMANDS).join(", ");
    throw new FootfallError("bad-input", `there is no command "${name}"; expected ${known}`);
  }
  const { command } = await load();
  const { values, positionals } = parse(args, command);
  if (values.help) return void process.stdout.write(`${commandHelp(name, command)}\n`);
  const { show, note } = createProgressLine(process.stderr);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  const input = { values, positionals, progress: show, note, signal: stop.signal };
  const { document, lines } = await command.run(input);
  const text = values.json ? JSON.stringify(document, null, 2) : lines.join("\n");
  process.stdout.write(`${text}\n`);
}

/** Runs the command line; the result is the exit status: 0, 1, 2 for bad input, 130 when stopped. */
export async function runMain(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    process.stdout.write(`${await overview()}\n`);
    return name === undefined ? 2 : 0;
  }
  try {
    await runCommand(name, rest);
    return 0;
  } catch (thrown) {
    const error = toFootfallError(thrown, "worker-failed");
    process.stderr.write(`footfall ${name}: ${error.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
    if (process.env.FOOTFALL_TRACE) process.stderr.write(`${(thrown as Error).stack}\n`);
    return statusOf(error);
  }
}
