import { FootfallError } from "../../errors";

/** What hyparquet says where the last bytes are not those of a Parquet file. */
const NO_END = /footer/;

/** What hyparquet threw as one sentence that names the file; our own errors as they are. */
export function badParquet(path: string, cause: unknown): FootfallError {
  if (cause instanceof FootfallError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const why = NO_END.test(said) ? "its end is missing, so the file was cut" : said;
  return new FootfallError("bad-file", `${path} cannot be read as Parquet: ${why}`, { cause });
}
