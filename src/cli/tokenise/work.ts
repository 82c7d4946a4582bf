import { FootfallError } from "../../core/errors";
import type { CommandInput } from "../command";
import { countryOf } from "../country";
import { tokeniseCountry } from "./country";
import { tokeniseFiles } from "./files";
import type { TokenisePlan } from "./plan";

/** Writes everything that `tokenise` promises (docs/data.md) into a folder; the result is report.json. */
export async function tokenise(folder: string, plan: TokenisePlan, input: CommandInput) {
  const { values, positionals } = input;
  const country = countryOf(values, "country", plan.split.seed);
  if (country && positionals.length > 0) {
    throw new FootfallError("bad-input", "--country makes its own points: give no files beside it");
  }
  if (country) return tokeniseCountry(folder, plan, country, input);
  if (positionals.length > 0) return tokeniseFiles(folder, plan, input);
  throw new FootfallError("bad-input", "no file given; expected FILE... or --country SIZE");
}

/** What stands in report.json. */
export type TokeniseReport = Awaited<ReturnType<typeof tokenise>>;
