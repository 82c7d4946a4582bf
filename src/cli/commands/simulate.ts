import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import type { Points } from "../../core/data/points";
import { FootfallError } from "../../core/errors";
import { DEFAULT_SEED } from "../../core/random";
import { IMITATIONS, imitateFile, type Imitation } from "../../core/world/imitations";
import type { Command, CommandInput, CommandOutcome } from "../command";
import {
  countryOf,
  countryText,
  openGeography,
  SHAPE_OPTION,
  streamResidents,
  type CountryChoice,
} from "../country";
import { writeFolder, writeWholeFile } from "../output";
import { choiceOf, numberOf, requiredText } from "../values";

interface Written {
  points: number;
  residents: number;
}

/** Rows of one batch: the simulator's coordinates have six decimals, its times whole seconds. */
function rowsOf({ users, user, timeMs, lat, lng }: Points): string {
  const rows = Array.from(
    user,
    (u, i) => `${users[u]},${timeMs[i]! / 1000},${lat[i]!.toFixed(6)},${lng[i]!.toFixed(6)}\n`,
  );
  return rows.join("");
}

async function writePoints(file: string, choice: CountryChoice, input: CommandInput) {
  const written: Written = { points: 0, residents: 0 };
  const geography = await openGeography(choice, input);
  async function* rows() {
    yield "user,t,lat,lng\n";
    for await (const points of streamResidents(geography, choice, input)) {
      written.points += points.user.length;
      written.residents += points.users.length;
      yield rowsOf(points);
    }
  }
  const zip = file.endsWith(".gz") ? [createGzip()] : [];
  await pipeline([Readable.from(rows()), ...zip, createWriteStream(file)]);
  return written;
}

async function writeCountryFolder(folder: string, choice: CountryChoice, input: CommandInput) {
  const written = await writePoints(join(folder, "points.csv.gz"), choice, input);
  const report = { simulated: true, ...choice, ...written };
  await writeFile(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  return written;
}

/** Writes an imitation of other movers as one file. */
async function writeImitation(kind: Imitation, seed: number, out: string): Promise<CommandOutcome> {
  if (!/\.csv(\.gz)?$/.test(out)) {
    throw new FootfallError("bad-input", `--out ${out}: expected a .csv or .csv.gz file`);
  }
  const text = imitateFile(kind, seed);
  await writeWholeFile(out, (file) => writeFile(file, out.endsWith(".gz") ? gzipSync(text) : text));
  return {
    document: { imitation: kind, seed, out },
    lines: [`imitated ${kind} (nothing of them is real), seed ${seed}, written to ${out}`],
  };
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const out = requiredText(input.values, "out", "a file points.csv.gz or a folder");
  const seed = numberOf(input.values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED;
  const imitation = choiceOf(input.values, "imitation", IMITATIONS);
  if (imitation) return writeImitation(imitation, seed, out);
  const choice = countryOf({ size: "small", ...input.values }, "size", seed);
  if (!choice) throw new FootfallError("bad-input", "--size: expected small, medium or large");
  const isFile = /\.csv(\.gz)?$/.test(out);
  const written = isFile
    ? await writeWholeFile(out, (file) => writePoints(file, choice, input))
    : await writeFolder(out, (folder) => writeCountryFolder(folder, choice, input));
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
  return {
    document: { simulated: true, ...choice, ...written, out, seconds },
    lines: [
      `${countryText(choice)}, seed ${seed}: ${written.residents.toLocaleString("en")} residents, ${written.points.toLocaleString("en")} points`,
      `written to ${out} in ${seconds} s`,
    ],
  };
}

export const command: Command = {
  summary: "Writes the points of the simulated country, or imitated tracks, as CSV.",
  usage: "--out points.csv.gz|DIR",
  options: {
    out: { type: "string", value: "PATH", help: "a .csv or .csv.gz file, or a folder" },
    size: { type: "string", value: "SIZE", help: "small, medium or large", default: "small" },
    shape: SHAPE_OPTION,
    residents: { type: "string", value: "N", help: "number of residents", default: "by size" },
    seed: { type: "string", value: "N", help: "seed of the country", default: "123" },
    imitation: {
      type: "string",
      value: "KIND",
      help: "instead: imitated tracks of animals or storms, in the columns of Movebank or IBTrACS",
    },
  },
  run,
};
