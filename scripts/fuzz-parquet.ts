/**
 * Changes and cuts Parquet files and reads what comes out, in processes with little memory: each must end in
 * values or in one sentence, in little time. Says which did not, and with what change.
 *
 *   npx esbuild scripts/fuzz-parquet.ts --bundle --packages=external --platform=node --format=esm \
 *     --outfile=build/fuzz-parquet.mjs && node build/fuzz-parquet.mjs 20000 test/reference/tables/*.parquet
 */
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { openParquet, readColumns } from "../src/core/data/columnar/parquet-file";
import { FootfallError } from "../src/core/errors";
import { changedFile } from "../src/core/data/columnar/changed-file.testing";

const HEAP_MB = 512;
const PATIENCE_MS = 15_000;
const SLOW_MS = 2000;
const ROWS_AT_ONCE = 500_000;

type Ended = "values" | "sentence";
interface Told {
  at: number;
  ended?: Ended;
  wrong?: string;
  ms?: number;
}

/** Reads all that a file has. */
async function readAll(bytes: Uint8Array): Promise<Ended> {
  try {
    const blob = new Blob([bytes.slice()]);
    const file = await openParquet({ path: "x.parquet", blob });
    const rows = Number(file.metadata.num_rows);
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const to = Math.min(rows, from + ROWS_AT_ONCE);
      await readColumns(file, file.columns, { from, to });
    }
    return "values";
  } catch (error) {
    if (error instanceof FootfallError) return "sentence";
    throw error;
  }
}

async function work(from: number, count: number, paths: readonly string[]): Promise<void> {
  const files = paths.map((path) => new Uint8Array(readFileSync(path)));
  const tell = (told: Told): Promise<void> =>
    new Promise((resolve) => process.send!(told, () => resolve()));
  for (let seed = from; seed < from + count; seed++) {
    await tell({ at: seed });
    const begun = performance.now();
    const end = await readAll(changedFile(files[seed % files.length]!, seed)).then(
      (ended) => ({ ended }),
      (error: unknown) => ({ wrong: String(error) }),
    );
    await tell({ at: seed, ...end, ms: performance.now() - begun });
  }
}

/** Runs a share of the cases in processes, a new one after each that dies. */
async function runShare(
  from: number,
  end: number,
  paths: readonly string[],
  note: (told: Told) => void,
) {
  for (let next = from; next < end;) {
    const child = fork(
      fileURLToPath(import.meta.url),
      ["--work", `${next}`, `${end - next}`, ...paths],
      {
        execArgv: [`--max-old-space-size=${HEAP_MB}`],
        silent: true,
      },
    );
    let at = next;
    let timer = setTimeout(() => undefined, 0);
    let why = "it died";
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        why = "it hung";
        child.kill("SIGKILL");
      }, PATIENCE_MS);
    };
    child.on("message", (told: Told) => {
      at = told.at;
      wait();
      if (told.ms !== undefined) note(told);
    });
    wait();
    const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
    clearTimeout(timer);
    if (code === 0) return;
    note({ at, wrong: why });
    next = at + 1;
  }
}

async function main(cases: number, paths: readonly string[]): Promise<void> {
  const seen = { values: 0, sentence: 0, wrong: 0, slow: 0 };
  const note = ({ at, ended, wrong, ms = 0 }: Told): void => {
    if (ended) seen[ended]++;
    else seen.wrong++;
    if (ms > SLOW_MS) seen.slow++;
    if (!ended || ms > SLOW_MS) {
      console.log(
        `${paths[at % paths.length]}, seed ${at}: ${wrong ?? "slow"}, ${Math.round(ms)} ms`,
      );
    }
  };
  const shares = Math.min(4, availableParallelism());
  const size = Math.ceil(cases / shares);
  const from = Number(process.env["FROM"] ?? 0);
  await Promise.all(
    Array.from({ length: shares }, (_, share) => {
      const first = from + share * size;
      return runShare(first, Math.min(from + cases, first + size), paths, note);
    }),
  );
  console.log(
    `${cases} files: ${seen.values} read, ${seen.sentence} refused in a sentence, ${seen.wrong} neither, ${seen.slow} over ${SLOW_MS} ms`,
  );
  process.exitCode = seen.wrong > 0 ? 1 : 0;
}

const [first, ...rest] = process.argv.slice(2);
if (first === "--work") {
  await work(Number(rest[0]), Number(rest[1]), rest.slice(2));
  process.disconnect();
} else await main(Number(first ?? 20_000), rest);
