import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_HOUR, hoursOfWeek } from "../data/hours";
import type { Engine } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import { expectAllClose } from "../gpu/testing";
import { createBert, encode } from "../model/bert";
import { decodeMasked } from "../model/decode";
import { hideCheckIn } from "../model/masked-target";
import { initialiseBert } from "../model/parameters";
import { createPace, finish } from "../pace";
import { createRandom } from "../random";
import { extraTexts, type ExtraTokens } from "../token/extras";
import type { Corpus } from "../token/read-shards";
import { toBertConfig } from "./config";
import { runEncoder } from "./encoder";
import { disposeBanks } from "../gpu/banks";
import { createLayout, uploadTensors } from "./layout";
import { pretrain } from "./pretrain";
import { CONFIG, OPTIONS, V, runAll } from "./run.testing";
import { Pass } from "./tape";
import { installKernels } from "./trainer";

/** Two places of one piece each. */
const PLACES = { offsets: Uint32Array.of(0, 1, 2), tokens: Uint16Array.of(5, 6) };

/** People who are in one of two places by the hour alone: without it, nobody can know. */
function makeTimedCorpus(rows: number, name: string): Corpus {
  const random = createRandom(8, name);
  const [tokens, hours]: [number[], number[]] = [[], []];
  for (let n = 0; n < rows * 8; n++) {
    const hour = random.integer(168);
    tokens.push(hour % 24 < 12 ? 5 : 6);
    hours.push(hour);
  }
  return {
    tokens: Uint16Array.from(tokens),
    starts: new Uint8Array(tokens.length).fill(1),
    offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * 8),
    hours: Uint8Array.from(hours),
  };
}

test("hours of the week begin on Monday, by the local clock", () => {
  const startMs = ["2023-05-01T00:00Z", "2023-05-07T23:59Z", "1969-12-29T01:00Z"].map(Date.parse);
  const checkIns = { startMs: Float64Array.from(startMs) };
  const hoursAt = (hours: number): number[] =>
    Array.from(hoursOfWeek(checkIns, { kind: "offset", hours, isGuessed: false }));
  expect(hoursAt(0)).toEqual([0, 167, 1]);
  expect(hoursAt(9)).toEqual([9, 8, 10]);
  expect(hoursAt(-1)).toEqual([167, 166, 0]);
});

/** The same, each check-in a trajectory of its own, at one of two hours. */
function makeLoneCorpus(): Corpus {
  const corpus = makeTimedCorpus(30, "a");
  const hours = corpus.hours!.map((hour) => (hour % 24 < 12 ? 3 : 135));
  return { ...corpus, hours, offsets: Uint32Array.from({ length: 241 }, (_, row) => row) };
}

/** People who never leave one of two places; of each trajectory all is hidden. */
function makeSettledCorpus(rows: number): Corpus {
  const users = Uint16Array.from({ length: rows }, (_, row) => 1 + (row % 8));
  return {
    tokens: Uint16Array.from({ length: rows * 3 }, (_, at) => 5 + (users[Math.floor(at / 3)]! % 2)),
    starts: new Uint8Array(rows * 3).fill(1),
    offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * 3),
    users,
  };
}

describe("a model that knows times", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "wasm" });
    installKernels();
  });
  afterAll(() => engine.dispose());

  test("gives the same states in training as in use", async () => {
    const config = toBertConfig({ ...CONFIG, times: "week" }, V);
    const tensors = initialiseBert(config);
    const layout = createLayout(config);
    const [B, T] = [4, 8];
    const random = createRandom(1, "rows");
    const draw = (from: number, to: number): Int32Array =>
      Int32Array.from({ length: B * T }, () => from + random.integer(to - from));
    const rows = { tokens: draw(5, V), hours: draw(0, NO_HOUR + 1), B, T };
    const kept = Int32Array.of(0, 9, 18, 31);
    const [bert, flat] = [createBert(config, tensors), uploadTensors(layout, tensors)];
    const pass = new Pass(flat);
    const { out } = await runEncoder(pass, layout, rows, kept, createPace());
    const expected = encode(bert, rows, kept); // [K, C]
    expectAllClose(await out.data<"float32">(), await expected.data<"float32">(), 1e-5);
    const untimed = encode(bert, { ...rows, hours: undefined }, kept); // [K, C]
    const gaps = tf.tidy(() => tf.max(tf.abs(tf.sub(untimed, expected)))); // []
    expect((await gaps.data())[0]).toBeGreaterThan(0.01);
    pass.end();
    bert.dispose();
    disposeBanks(flat);
    tf.dispose([expected, untimed, gaps]);
  });

  test("learns what only the hour tells", async () => {
    const data = { train: makeTimedCorpus(120, "a"), validation: makeTimedCorpus(40, "b") };
    const budget = { kind: "steps", steps: 60 } as const;
    const train = async (times: "none" | "week") => {
      const config = { ...CONFIG, times, learningRate: 2e-2, reveal: 0 };
      const { result } = await runAll({ ...OPTIONS, config, data, budget });
      const { perplexity } = result.checkpoint.state.log.at(-1)!;
      return { perplexity, config: toBertConfig(config, V), tensors: result.tensors };
    };
    expect((await train("none")).perplexity).toBeGreaterThan(1.8);
    const { perplexity, config, tensors } = await train("week");
    expect(perplexity).toBeLessThan(1.4);
    const bert = createBert(config, tensors);
    const targets = [3, 27, 15, 39].map((hour) =>
      hideCheckIn(PLACES, [0, 1, 0], { target: 1, hours: [9, hour, 33], maxTokens: 8 }),
    );
    const decoded = await finish(decodeMasked(bert, PLACES, targets, { top: 1 }));
    expect(decoded.map(({ guesses }) => guesses[0]!.cell)).toEqual([0, 0, 1, 1]);
    bert.dispose();
  });

  test.each<[string, Omit<ExtraTokens, "first">, Corpus]>([
    ["hour", { users: 0, times: "week" }, makeLoneCorpus()],
    ["person", { users: 8, times: "none" }, makeSettledCorpus(120)],
  ])("learns what only a token of the %s tells", async (_, choice, corpus) => {
    const learn = async (extras: ExtraTokens | undefined, steps: number): Promise<number> => {
      const data = { train: { ...corpus, extras }, validation: { ...corpus, extras } };
      const config = { ...CONFIG, learningRate: 1e-2, reveal: 0, maskRate: 1 };
      const budget = { kind: "steps", steps } as const;
      const vocabularySize = V + extraTexts(choice).length;
      const { result } = await runAll({ ...OPTIONS, config, data, budget, vocabularySize });
      return result.checkpoint.state.log.at(-1)!.perplexity;
    };
    expect(await learn(undefined, 60)).toBeGreaterThan(1.8);
    expect(await learn({ ...choice, first: V }, 400)).toBeLessThan(1.4);
  });

  test("refuses tokens without hours", async () => {
    const config = { ...CONFIG, times: "week" } as const;
    const work = pretrain({ ...OPTIONS, config });
    await expect(work.next()).rejects.toThrow(/do not tell the hours.*footfall tokenise/);
    const extras = { users: 0, times: "week", first: V } as const;
    const { train, validation } = OPTIONS.data;
    const extended = { train: { ...train, extras }, validation: { ...validation, extras } };
    const asked = pretrain({ ...OPTIONS, data: extended, vocabularySize: V + 168 });
    await expect(asked.next()).rejects.toThrow(/do not tell the hours.*footfall tokenise/);
  });

  test("drops the same when it goes on as if it had never stopped", async () => {
    const config = { ...CONFIG, dropout: 0.1 };
    const whole = await runAll({ ...OPTIONS, config, checkpointSeconds: 0 });
    const kept = whole.reports.find((report) => report.kind === "checkpoint");
    const checkpoint = kept?.kind === "checkpoint" ? kept.checkpoint : undefined;
    expect(checkpoint!.state.step).toBe(1);
    const resumed = await runAll({ ...OPTIONS, config, checkpoint });
    expect(resumed.result.tensors).toEqual(whole.result.tensors);
    const plain = await runAll({ ...OPTIONS, config: { ...config, dropout: 0 } });
    expect(plain.result.tensors).not.toEqual(whole.result.tensors);
  });
});
