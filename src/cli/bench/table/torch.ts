/** The same adaptation in PyTorch, in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { FootfallError } from "../../../core/errors";
import { ROOT } from "../../root";

/** What one program came to in one run. */
export interface AdaptedRun {
  readonly seconds: number;
  /** Of all threads together. */
  readonly processorSeconds: number;
  /** Before the first epoch and after each: mean losses of the steps, and of examples that are not learnt from. */
  readonly epochs: readonly {
    readonly train?: number;
    readonly validation: number;
    readonly test: number;
  }[];
}

/** PyTorch, waiting for names of runs. */
export interface TorchAdapter {
  /** "PyTorch 1.13.1, 2 threads". */
  readonly words: string;
  /** Throws "worker-failed" with what Python said last. */
  adapt(name: string): Promise<AdaptedRun>;
  dispose(): void;
}

/** The first Python that has PyTorch; undefined without one. From scripts/, which the bundle cannot hold. */
export async function findTorch(): Promise<string | undefined> {
  const path = pathToFileURL(join(ROOT, "scripts", "python.mjs")).href;
  const { pythonWithTorch } = (await import(path)) as { pythonWithTorch: () => string | undefined };
  return pythonWithTorch();
}

/** OpenBLAS, which Debian's PyTorch multiplies with, and MKL do not heed torch.set_num_threads. */
const THREADS_OF = ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"];

/** Starts scale/adapt.py on a folder that holds its plan. The caller disposes. Throws "worker-failed". */
export async function openTorch(
  python: string,
  folder: string,
  threads: number,
): Promise<TorchAdapter> {
  const counts = THREADS_OF.map((name) => [name, String(threads)] as const);
  const env = { ...process.env, ...Object.fromEntries(counts) };
  const child = spawn(python, [join(ROOT, "scale", "adapt.py"), folder], { env });
  let lastWords = "";
  child.stderr.on(
    "data",
    (text: Buffer) => void (lastWords = `${lastWords}${String(text)}`.slice(-500)),
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readLine = async (): Promise<unknown> => {
    const { done, value } = await lines.next();
    if (done !== true) return JSON.parse(value);
    if (child.exitCode === null) await once(child, "exit");
    const sentence = lastWords.trim().split("\n").at(-1) ?? "it said nothing";
    throw new FootfallError("worker-failed", `scale/adapt.py ended: ${sentence}`);
  };
  const { torch } = (await readLine()) as { torch: string };
  return {
    words: `PyTorch ${torch}, ${threads} thread${threads === 1 ? "" : "s"}`,
    adapt: async (name) => {
      child.stdin.write(`${name}\n`);
      return (await readLine()) as AdaptedRun;
    },
    dispose: () => child.stdin.end(),
  };
}
