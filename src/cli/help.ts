import type { Command, CommandOption } from "./command";
import { COMMANDS } from "./commands";
import { COMMON_OPTIONS } from "./values";

function optionLine([name, option]: [string, CommandOption], width: number): string {
  const left = optionHead([name, option]).padEnd(width);
  const standard = option.default === undefined ? "" : ` (default ${option.default})`;
  return `  ${left}  ${option.help}${standard}`;
}

function optionHead([name, { type, value = "TEXT" }]: [string, CommandOption]): string {
  return type === "boolean" ? `--${name}` : `--${name} ${value}`;
}

/** The help of one command, from its options. */
export function commandHelp(name: string, command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  const width = Math.max(...options.map((option) => optionHead(option).length));
  return [
    `footfall ${name} ${command.usage}`,
    "",
    command.summary,
    "",
    ...options.map((option) => optionLine(option, width)),
  ].join("\n");
}

/** The list of commands. */
export async function overview(): Promise<string> {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => name.length));
  const lines = await Promise.all(
    names.map(async (name) => {
      const { command } = await COMMANDS[name]!();
      return `  ${name.padEnd(width)}  ${command.summary}`;
    }),
  );
  return [
    "footfall COMMAND [options]",
    "",
    ...lines,
    "",
    "footfall COMMAND --help says more.",
  ].join("\n");
}
