import { afterAll, describe, expect, test, vi } from "vitest";
import { FootfallError } from "../errors";
import { CellTableBuilder } from "../geo/cells";
import type { Engine } from "../gpu/engine";
import type { Job } from "../jobs";
import { writeModelFolder } from "../model/folder";
import { initialiseBert } from "../model/parameters";
import { createFlat } from "../token/flat";
import { readTokeniser } from "../token/read-tokeniser";
import { PRESETS, toBertConfig } from "../train/config";
import type { DatasetSpec } from "./dataset";
import { makeWalkers } from "./pretrain.testing";
import { RUN_FILE } from "./run-store";
import type { Session } from "./session";
import { closeSessions, openSession, runLooking, WALKERS_MODEL } from "./session.testing";
import { readTraining } from "./stored-training";
import type { TrainingStatus } from "./training-status";

const DATA: DatasetSpec & { source: "folder" } = {
  source: "folder",
  name: "walkers",
  files: makeWalkers(40),
};

const ON_DATA = {
  dataset: DATA,
  settings: { preset: "tiny", changes: WALKERS_MODEL },
  seed: 123,
} as const;

afterAll(closeSessions);

function jobOf(run: string, steps = 8): Job & { kind: "pretrain" } {
  return { ...ON_DATA, kind: "pretrain", budget: { kind: "steps", steps }, run };
}

const run = <J extends Job>(
  job: J,
  session: Session,
  look?: (status: TrainingStatus, stop: () => void) => void,
) => runLooking<TrainingStatus, J>(job, session, look);

describe("the job of pre-training", () => {
  test("reports curves, guesses and baselines, keeps a model, and other jobs run on it", async () => {
    const session = openSession();
    const seen: TrainingStatus[] = [];
    const result = await run(jobOf("one", 30), session, (status) => seen.push(status));
    const validation = result.log.filter(({ split }) => split === "validation");
    expect(validation.at(-1)!.loss).toBeLessThan(0.8 * validation[0]!.loss);
    expect(result).toMatchObject({ step: 30, savedStep: 30, isPaused: false, name: "walkers" });
    expect(result.baselines).toMatchObject({
      frequency: { perplexity: expect.any(Number) as number },
    });
    expect(seen.some(({ guess }) => guess && "guesses" in guess && guess.guesses.length)).toBe(
      true,
    );
    expect(seen.some(({ tokensPerSecond = 0 }) => tokensPerSecond > 0)).toBe(true);

    const files = await session.memory.list("one");
    expect(files.filter((path) => path.startsWith("checkpoint-"))).toEqual([]);
    const model = { source: "trained", run: "one" } as const;
    const masked = await run(
      { kind: "masked", dataset: DATA, model, trajectory: 0, masked: [2], top: 3, seed: 1 },
      session,
    );
    expect(masked.masked[0]!.guesses).toHaveLength(3);
    expect(masked.made.model).toContain("run one");
  });

  test("a model that knows times is asked with the hours of the data, by any clock", async () => {
    const session = openSession();
    const settings = { preset: "tiny", changes: { ...WALKERS_MODEL, times: "week" } } as const;
    await run({ ...jobOf("timed"), settings }, session);
    const model = { source: "trained", run: "timed" } as const;
    const ask = async (dataset: DatasetSpec) => {
      const asked = { dataset, model, seed: 1 };
      const hidden = { ...asked, trajectory: 0, masked: [2], top: 3 };
      const end = { ...asked, kind: "destination", trajectory: 0, shown: 0.5 } as const;
      const { errors } = await run({ ...asked, kind: "rarity" } as const, session);
      return [
        (await run({ ...hidden, kind: "masked" }, session)).masked[0]!.truthProbability,
        (await run(end, session)).guess.truthProbability,
        errors!.find(({ hidden }) => hidden > 0)!.perplexity,
      ];
    };
    const clock = { kind: "offset", hours: 12, isGuessed: false };
    const calendar = new Blob([JSON.stringify({ weekend: [6, 7], holidays: [], clock })]);
    const files = [...DATA.files, { path: "calendar.json", blob: calendar }];
    const [here, elsewhere] = [await ask(DATA), await ask({ ...DATA, name: "elsewhere", files })];
    for (const [n, found] of here.entries()) expect(elsewhere[n]).not.toBe(found);
  });

  test("a model of extra tokens learns with them, opens again and answers where nobody is known", async () => {
    const session = openSession();
    const changes = { ...WALKERS_MODEL, maxLength: 32, userTokens: 4, timeTokens: "week" } as const;
    const extended = { ...jobOf("extra", 30), settings: { preset: "tiny", changes } } as const;
    const seen: TrainingStatus[] = [];
    const result = await run(extended, session, (status) => seen.push(status));
    const validation = result.log.filter(({ split }) => split === "validation");
    expect(validation.at(-1)!.loss).toBeLessThan(0.8 * validation[0]!.loss);
    expect(result).toMatchObject({ config: { userTokens: 4, timeTokens: "week" } });
    expect(seen.some(({ guess }) => guess && "guesses" in guess)).toBe(true);
    const file = await session.memory.read("extra", "model/tokenizer.json");
    const { extras, vocabularySize } = readTokeniser(JSON.parse(new TextDecoder().decode(file)));
    expect(extras).toMatchObject({ users: 4, times: "week" });
    expect(result).toMatchObject({ vocabularySize });
    expect(vocabularySize).toBe(extras!.first + 5 + 168);

    const model = { source: "trained", run: "extra" } as const;
    const asked = { dataset: DATA, model, seed: 1 };
    const hidden = { ...asked, trajectory: 0, masked: [2], top: 3 };
    const { masked } = await run({ ...hidden, kind: "masked" }, session);
    expect(masked[0]!.guesses).toHaveLength(3);
    const end = { ...asked, kind: "destination", trajectory: 0, shown: 0.5 } as const;
    expect((await run(end, session)).guess.truthProbability).toBeGreaterThan(0);
    const { perplexity } = await run({ ...asked, kind: "model" } as const, session);
    expect(perplexity!.model.perCell).toBeLessThan(perplexity!.twin.perCell);
  });

  test("goes on from where it was stopped, bit for bit", async () => {
    const [whole, parted] = [openSession(), openSession()];
    await run(jobOf("r"), whole);
    const stopped = run(jobOf("r"), parted, ({ step }, stop) => step >= 4 && stop());
    await expect(stopped).rejects.toMatchObject({ code: "stopped" });
    const left = await readTraining(parted.memory, "r");
    expect(left?.record.isFinished).toBe(false);
    expect(left?.checkpoint?.state.step).toBeGreaterThanOrEqual(4);
    const result = await run(jobOf("r"), parted);
    expect(result.step).toBe(8);
    const weights = (session: ReturnType<typeof openSession>) =>
      session.memory.read("r", "model/model.safetensors");
    expect(await weights(parted)).toEqual(await weights(whole));
  });

  test("goes on with a run from before dropout and hours could be set", async () => {
    const session = openSession();
    const stopped = run(jobOf("old"), session, ({ step }, stop) => step >= 4 && stop());
    await expect(stopped).rejects.toMatchObject({ code: "stopped" });
    for (const file of [RUN_FILE, "checkpoint.json"]) {
      const text = new TextDecoder().decode(await session.memory.read("old", file));
      const older = text.replace(
        /"dropout":0,"times":"none","userTokens":0,"timeTokens":"none",/,
        "",
      );
      expect(older.length).toBeLessThan(text.length);
      await session.memory.write("old", file, new TextEncoder().encode(older));
    }
    const result = await run(jobOf("old"), session);
    expect(result).toMatchObject({ step: 8, config: { dropout: 0, times: "none" } });
  });

  test("a finished run is opened without training, and not for other data", async () => {
    const session = openSession();
    const first = await run(jobOf("f"), session);
    const opened = await run(jobOf("f", 100), session);
    expect(opened.log).toEqual(first.log);
    const others: DatasetSpec = { source: "folder", name: "others", files: makeWalkers(30) };
    await expect(run({ ...jobOf("f"), dataset: others }, session)).rejects.toThrow(
      "learns from walkers as they were",
    );
  });

  test("a full store is told in a sentence, training goes on, and its end waits for room", async () => {
    const session = openSession();
    session.memory.isFull = true;
    let notice: string | undefined;
    const result = await run(jobOf("full"), session, (status) => {
      notice ??= status.notice;
      if (status.notice?.includes("waits for room")) session.memory.isFull = false;
    });
    expect(notice).toMatch(/no room .*; training goes on, nothing is kept yet/);
    expect(result.notice).toBeUndefined();
    expect(await session.memory.list("full")).toContain("model/model.safetensors");
  });

  test("one that trains elsewhere is named, and what cannot fit is refused", async () => {
    const session = openSession();
    const letGo = await session.memory.begin();
    await expect(run(jobOf("two"), session)).rejects.toMatchObject({ code: "busy" });
    letGo!();
    const changes = { ...WALKERS_MODEL, width: 8192, layers: 96, innerWidth: 32_768, heads: 8 };
    const huge = { preset: "tiny", changes } as const;
    await expect(run({ ...jobOf("huge"), settings: huge }, session)).rejects.toThrow(
      /cannot be trained here: .* the preset small fits/,
    );
    expect(await session.memory.read("huge", RUN_FILE)).toBeUndefined();
  });

  test("it waits while it is paused, and the rate can be changed", async () => {
    const session = openSession();
    const controls = { isPaused: true, rateFactor: 0.5 };
    session.memory.controls = controls;
    let pauses = 0;
    const result = await run(jobOf("p"), session, ({ isPaused }) => {
      if (!isPaused) return;
      pauses++;
      controls.isPaused = false;
    });
    expect(pauses).toBeGreaterThan(0);
    expect(result.rateFactor).toBe(0.5);
  });
});

test("a vocabulary of another resolution, and a model of one, are refused with both resolutions", async () => {
  const coarse = new CellTableBuilder(7);
  coarse.add("87283472bffffff");
  const tokens = JSON.stringify(createFlat(coarse.build()).toJson());
  const files = [...DATA.files, { path: "tokenizer.json", blob: new Blob([tokens]) }];
  const dataset: DatasetSpec = { source: "folder", name: "walkers", files };
  await expect(run({ ...jobOf("v"), dataset }, openSession())).rejects.toMatchObject({
    code: "weights-mismatch",
    message:
      "the tokenizer.json of walkers reads cells of resolution 7, its check-ins are of resolution 8",
  });
  const tokeniser = createFlat(coarse.build());
  const config = toBertConfig({ ...PRESETS.tiny, ...WALKERS_MODEL }, tokeniser.vocabularySize);
  const model = writeModelFolder({ config, tensors: initialiseBert(config), tokeniser, log: [] });
  const opened = {
    source: "folder",
    name: "coarse",
    files: Array.from(model, ([path, bytes]) => ({
      path,
      blob: new Blob([bytes as Uint8Array<ArrayBuffer>]),
    })),
  } as const;
  const job = { kind: "model", dataset: DATA, model: opened, seed: 123 } as const;
  await expect(run(job, openSession())).rejects.toThrow(
    "the weights of coarse read cells of resolution 7, walkers has cells of resolution 8",
  );
});

test("a paused run takes one step at a time, and shows each", async () => {
  const session = openSession();
  const controls = { isPaused: true, stepTo: 0 };
  session.memory.controls = controls;
  const stops = new Set<number>();
  const result = await run(jobOf("steps"), session, ({ isPaused, step }) => {
    if (!isPaused) return;
    stops.add(step);
    if (step === 3) controls.isPaused = false;
    else controls.stepTo = step + 1;
  });
  expect([...stops]).toEqual([0, 1, 2, 3]);
  const shown = result.log.filter(({ split }) => split === "train").map(({ step }) => step);
  expect(shown.slice(0, 3)).toEqual([1, 2, 3]);
  expect(result.step).toBe(8);
});

test("a device that is taken away is opened again, and training goes on from the last checkpoint", async () => {
  const session = openSession();
  const [first, second] = [{ ...(await session.engine()) }, { ...(await session.engine()) }];
  let current = first;
  let looks = 0;
  session.memory.controls = {
    get isPaused() {
      if (++looks !== 6) return looks === 4; // a pause keeps a checkpoint
      current = second;
      throw new Error("the buffer was destroyed");
    },
  };
  const notices = new Set<string | undefined>();
  const job = jobOf("lost", 12);
  const lossy = { ...session, engine: () => Promise.resolve(current) };
  const result = await run(job, lossy, ({ notice }) => notices.add(notice));
  expect([...notices].join(" ")).toMatch(/taken away at step \d+; .* goes on from step \d+/);
  expect(result.step).toBe(12);
  const undisturbed = openSession();
  await run(job, undisturbed);
  const weights = (memory: typeof session.memory) => memory.read("lost", "model/model.safetensors");
  expect(await weights(session.memory)).toEqual(await weights(undisturbed.memory));
});

test("memory that runs out is told with what would fit, and the run goes on in half as large passes", async () => {
  const session = openSession();
  let [looks, isFull] = [0, false];
  session.memory.controls = {
    get isPaused() {
      if (isFull) throw new RangeError("Array buffer allocation failed");
      return ++looks === 9; // a pause keeps a checkpoint
    },
  };
  const fill = ({ savedStep = Infinity, step }: TrainingStatus): void => {
    isFull = step > savedStep;
  };
  const job = jobOf("oom", 12);
  await expect(run(job, session, fill)).rejects.toMatchObject({
    code: "out-of-memory",
    message: expect.stringMatching(
      /ran out after step \d+, with 4 trajectories a pass .*step \d+ is kept; 2 in 2 passes a step/,
    ) as string,
  });
  const left = await readTraining(session.memory, "oom");
  expect(left?.checkpoint?.state.step).toBeGreaterThan(0);
  session.memory.controls = {};
  const result = await run({ ...job, batch: 2 }, session);
  expect(result).toMatchObject({ step: 12, config: { batch: 2, accumulation: 2 } });
  const whole = await run(job, openSession());
  const lossOf = ({ log }: TrainingStatus): number => log.at(-1)!.loss;
  expect(lossOf(result)).toBeCloseTo(lossOf(whole), 4); // the same steps, but for rounding
  await expect(run({ ...jobOf("three"), batch: 3 }, session)).resolves.toBeDefined(); // new: as asked
});

test("what the graphics card refuses in silence stops the run before it is kept", async () => {
  const session = openSession();
  const real = await session.engine();
  let looks = 0;
  const fault = new FootfallError("out-of-memory", "the graphics card has no more memory");
  const faulty = { ...real, takeFault: () => (++looks === 6 ? fault : undefined) };
  const engineOf = (): Promise<Engine> => Promise.resolve(faulty);
  await expect(run(jobOf("fault"), { ...session, engine: engineOf })).rejects.toThrow(
    /no more memory\); nothing is kept yet; 2 in 2 passes/,
  );
});

test("sleep is told, and a run by the clock does not count it", async () => {
  const session = openSession();
  const now = Date.now.bind(Date);
  const ran = performance.now.bind(performance);
  let aheadMs = 0;
  vi.spyOn(Date, "now").mockImplementation(() => now() + aheadMs);
  vi.spyOn(performance, "now").mockImplementation(() => ran() + aheadMs);
  let looks = 0;
  session.memory.controls = {
    get isPaused() {
      if (++looks === 5) aheadMs += 3_600_000;
      return false;
    },
  };
  const budget = { kind: "minutes", minutes: 0.02 } as const;
  const result = await run({ ...jobOf("nap"), budget }, session);
  vi.restoreAllMocks();
  expect(result.slept).toMatchObject({ times: 1 });
  expect(result.slept!.seconds).toBeCloseTo(3600, -1);
  expect(result.step).toBeGreaterThan(5); // it did not end when it woke up
  expect(result.seconds).toBeLessThan(60);
});

test("the probe counts, times and refuses", async () => {
  const job: Job = { ...ON_DATA, kind: "pretrain-probe" };
  const { models, tokensPerStep, stepsPerEpoch } = await run(job, openSession());
  expect(models.map(({ preset }) => preset)).toEqual(["tiny", "small", "base"]);
  expect(models[0]!.secondsPerStep).toBeGreaterThan(0);
  expect(models[1]!.secondsPerStep).toBeGreaterThan(models[0]!.secondsPerStep!);
  expect(tokensPerStep).toBeGreaterThan(4 * 10);
  expect(stepsPerEpoch).toBeGreaterThan(2);
  expect(models[2]!.obstacle).toMatch(/WebAssembly holds .* fits/);
  expect(models[2]!.secondsPerStep).toBeUndefined();
});

test("the probe counts what the data are too few for, too, and how fast points become check-ins", async () => {
  const settings = { preset: "tiny", changes: { ...WALKERS_MODEL, batch: 5000 } } as const;
  const job: Job = { ...ON_DATA, kind: "pretrain-probe", settings };
  const { models, stepsPerEpoch, tooFew, ...result } = await run(job, openSession());
  expect(tooFew).toMatch(/training trajectories do not fill one step of 5000; choose a smaller/);
  expect(stepsPerEpoch).toBe(0);
  expect(models[0]!.parameters).toBeGreaterThan(1000);
  expect(models[0]!.secondsPerStep).toBeGreaterThan(0);
  expect(result.paperSeconds).toBeGreaterThan(86_400);
  expect(result.pointsPerSecond).toBeGreaterThan(100_000); // of a small data set, too
});
