import { existsSync } from "node:fs";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright";
import type { BertConfigJson } from "../../core/model/config";
import { FootfallError } from "../../core/errors";
import { ROOT } from "../root";
import type { ForwardAnswer, ForwardAsk } from "./forward-ask";
import { median } from "./median";
import { openBrowser, serve } from "./stage";

/** The trial's shape (DESIGN, Engines): 16 rows of 64 tokens. */
const SHAPE = { B: 16, T: 64 };
/** The shipped architecture: for runs without a model folder. */
const SMALL: BertConfigJson = {
  vocab_size: 2566,
  hidden_size: 128,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 512,
  max_position_embeddings: 512,
};
/** Largest difference of two logits that counts as the same; both compute in 32 bits. */
const TOLERANCE = 1e-4;

/** Forward passes of one program on one engine. */
export interface ForwardNumbers {
  program: ForwardAsk["program"];
  backend: ForwardAsk["backend"];
  description: string;
  tokensPerSecond: number;
  seconds: number;
  /** Largest difference to the logits of ONNX Runtime on wasm. */
  difference: number;
}

export interface ForwardOptions {
  model: string | undefined;
  runs: number;
  isHardware: boolean;
  note: (line: string) => void;
}

async function readModel(folder: string | undefined) {
  if (folder === undefined) return { configJson: SMALL, weightsBase64: "" };
  const weights = join(folder, "model.safetensors");
  if (!existsSync(weights)) throw new FootfallError("missing-file", `${weights} is not there`);
  const configJson = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  return { configJson, weightsBase64: (await readFile(weights)).toString("base64") };
}

/** Bundles the page and lays the engines' files beside it; returns the folder. */
async function buildPage(): Promise<string> {
  const out = join(ROOT, "build", "bench");
  const page = join(ROOT, "src", "cli", "bench", "page");
  await mkdir(out, { recursive: true });
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(page, "main.ts")],
    outdir: out,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2023",
    conditions: ["onnxruntime-web-use-extern-wasm"],
    logLevel: "error",
  });
  await cp(join(page, "index.html"), join(out, "index.html"));
  const packages = join(ROOT, "node_modules");
  const isNeeded = (path: string) => !/\.map$|\.js$|dist\/\w+\//.test(path);
  const options = { recursive: true, filter: isNeeded };
  await cp(join(packages, "onnxruntime-web", "dist"), join(out, "onnx"), options);
  await cp(join(packages, "@tensorflow", "tfjs-backend-wasm", "dist"), join(out, "tfjs"), {
    recursive: true,
    filter: (path) => /dist$|\.wasm$/.test(path),
  });
  return out;
}

async function askPage(browser: Browser, address: string, ask: ForwardAsk): Promise<ForwardAnswer> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (line) => void (line.type() === "error" && complaints.push(line.text())));
  try {
    await page.goto(address);
    await page.waitForFunction("typeof measureForward === 'function'");
    return await page.evaluate(`measureForward(${JSON.stringify(ask)})`);
  } catch (cause) {
    const why = [String(cause).split("\n")[0], ...complaints].join("; ");
    throw new FootfallError("no-gpu", `${ask.program} on ${ask.backend}: ${why}`, { cause });
  } finally {
    await page.close();
  }
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n]!)), 0);
}

function toNumbers(ask: ForwardAsk, answer: ForwardAnswer, difference: number): ForwardNumbers {
  const seconds = median(answer.seconds);
  return {
    program: ask.program,
    backend: ask.backend,
    description: answer.description,
    tokensPerSecond: (ask.B * ask.T) / seconds,
    seconds,
    difference,
  };
}

/**
 * Tokens per second through the whole model, hidden states to logits and back to the CPU, of Footfall and of
 * ONNX Runtime Web on the same weights, in one browser, each in a page of its own. Throws "weights-mismatch"
 * where their logits differ.
 */
export async function measureForwards(options: ForwardOptions): Promise<ForwardNumbers[]> {
  const model = await readModel(options.model);
  const [server, browser] = [await serve(await buildPage()), await openBrowser(options)];
  const results: ForwardNumbers[] = [];
  let expected: number[] | undefined;
  try {
    for (const backend of ["wasm", "webgpu"] as const) {
      for (const program of ["onnx", "footfall"] as const) {
        options.note(`${program} on ${backend} ...`);
        const ask = { ...model, ...SHAPE, program, backend, runs: options.runs, warmUps: 2 };
        const answer = await askPage(browser, `http://localhost:${server.port}`, ask);
        expected ??= answer.sample;
        const difference = largestDifference(answer.sample, expected);
        if (!(difference <= TOLERANCE)) {
          throw new FootfallError(
            "weights-mismatch",
            `${program} on ${backend}: logits differ by ${difference}, allowed are ${TOLERANCE}`,
          );
        }
        results.push(toNumbers(ask, answer, difference));
      }
    }
  } finally {
    await browser.close();
    server.stop();
  }
  return results;
}
