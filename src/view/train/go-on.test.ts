import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../core/errors";
import { summariseSweep } from "../../core/job/sweep/summary";
import type { SweepStatus } from "../../core/job/sweep/sweep";
import { PRESETS } from "../../notebook/pretrain-settings";
import type { LogRow } from "../../notebook/pretrain-settings";
import { lossOptions, lossTwin } from "../chart/LossChart";
import type { KeptRun } from "../page-context";
import { bestMarks } from "./curves";
import { GoOnButtons } from "./GoOnButtons";
import { nowText, spreadText, sweepCurves, sweepFinding, toBudget, unitOf } from "./sweep-words";
import { formatSeconds } from "../words";
import { sleptText } from "./words";

function buttons(failure: ErrorCode | undefined, kept?: Partial<KeptRun>): string {
  const config = PRESETS.tiny;
  const run = kept && ({ id: "a", config, step: 12, isFinished: false, ...kept } as KeptRun);
  const props = { failure, config, kept: run, rateFactor: 1 };
  const nothing = (): undefined => undefined;
  return renderToStaticMarkup(
    createElement(GoOnButtons, { ...props, onGoOn: nothing, onBegin: nothing }),
  );
}

describe("the ways on from a run", () => {
  test("a stopped run resumes; one whose memory ran out also with half as many a pass", () => {
    expect(buttons(undefined, {})).toContain("Resume at step 12");
    expect(buttons(undefined, {})).not.toContain("Resume with");
    expect(buttons("out-of-memory", {})).toContain("Resume with 16 trajectories a pass");
    expect(buttons("not-finite", {})).toContain("Resume at half the learning rate");
  });

  test("where nothing was kept it begins anew with half as many; a finished one has no way on", () => {
    expect(buttons("out-of-memory")).toContain("Begin with 16 trajectories a pass");
    expect(buttons("stopped")).toBe("");
    expect(buttons(undefined, { isFinished: true })).toBe("");
  });

  test("sleep is told in one sentence", () => {
    expect(sleptText({})).toBe("");
    expect(sleptText({ slept: { times: 2, seconds: 300, step: 40 } })).toContain(
      "slept 2 times, 5 min 0 s in all, last after step 40",
    );
  });
});

describe("the mark of overfitting", () => {
  const validation = (step: number): LogRow => {
    return { step, tokens: step, seconds: step, split: "validation", loss: 1, perplexity: 3 };
  };
  const log = [validation(0), validation(40), validation(80)];
  const best = { step: 40, loss: 1 };

  test("stands at the best validation once a later one is worse", () => {
    expect(bestMarks({ best, log, failures: [] })).toEqual([{ name: "best, kept", x: 40 }]);
    const failures = [{ kind: "overfitting", step: 80, sentence: "it rises" } as const];
    expect(bestMarks({ best, log, failures })).toEqual([{ name: "overfits from here", x: 40 }]);
    expect(bestMarks({ best: { step: 80, loss: 1 }, log, failures: [] })).toEqual([]);
  });

  test("is drawn and told with the curve", () => {
    const marks = [{ name: "best, kept", x: 40 }];
    const curves = [{ name: "train", x: [0, 80], y: [9, 2] }];
    expect(lossTwin({ curves, marks }).summary).toContain("best, kept at 40");
    const long = lossOptions({ curves, levels: [{ name: "persistence 123,823,456", y: 3 }] });
    expect(long.marginRight).toBeGreaterThan(lossOptions({ curves }).marginRight!);
  });
});

describe("what a sweep says", () => {
  const row = (tokens: number, cellPerplexity: number) => {
    const scores = { perplexity: 2, cellPerplexity, sequentialCellPerplexity: 1, maskedCells: 5 };
    return { step: tokens, tokens, ...scores };
  };
  const counted = { vocabularySize: 9, cells: 4, cellKm2: 0.7, trajectories: 3, tokens: 9 };
  const lengths = { tokensPerTrajectory: 3, tokensPerCheckIn: 1, longest: 5, parameters: 1 };
  const timed = { obstacle: undefined, secondsPerStep: 1, validationSeconds: 1 };
  const settingOf = (name: string) => ({
    setting: { name, resolution: 8, tokeniser: "flat", maskRate: 0.2, share: 1 } as const,
    ...counted,
    ...lengths,
    ...timed,
  });
  const runOf = (setting: string, seed: number, end: number, rival = 30) => {
    const curve = [row(0, 100), row(90, end)];
    const baselines = {
      frequency: { perplexity: 9, cellPerplexity: 50 },
      persistence: { cellPerplexity: rival },
    };
    return { setting, seed, steps: 9, tokens: 90, seconds: 9, baselines, curve };
  };
  const status = {
    settings: [settingOf("a"), settingOf("b")],
    runs: [runOf("a", 1, 40), runOf("b", 1, 20), runOf("a", 2, 12)],
    config: { ...PRESETS.tiny, seed: 1 },
  } as unknown as SweepStatus;

  test("the lowest so far by name, means over seeds with their interval", () => {
    const rows = summariseSweep(status);
    expect(spreadText(rows[0]!.cellPerplexity)).toMatch(/^21\.9 \[/); // of 40 and 12
    expect(spreadText(rows[1]!.cellPerplexity)).toBe("20.0");
    expect(sweepFinding(rows, "data")).toMatch(
      /^Lowest perplexity per check-in so far: 20\.0 with b, where .* 30\.0\.$/,
    );
    expect(sweepFinding(rows.slice(1), "data")).toBeUndefined();
  });

  test("resolutions are compared with their own baselines, and it is said where none is below them", () => {
    const fine = { ...status, runs: [runOf("a", 1, 40, 20), runOf("b", 1, 90, 60)] };
    expect(sweepFinding(summariseSweep(fine), "resolution")).toBe(
      "Best against its own baseline so far: 90.0 with b, where staying near the neighbours has 60.0; none is below that yet.",
    );
  });

  test("curves are those of the first seed, and of the run that goes", () => {
    const current = { setting: "b", seed: 1, step: 3, curve: [row(0, 100), row(30, 50)] };
    const some = { ...status, runs: status.runs.slice(0, 1), current };
    expect(sweepCurves(some).map(({ name, y }) => [name, Array.from(y)])).toEqual([
      ["a", [100, 40]],
      ["b", [100, 50]],
    ]);
  });
});

describe("the length of a sweep", () => {
  test("is kept in minutes and told in hours where it is long", () => {
    expect(toBudget("hours", 8)).toEqual({ kind: "minutes", minutes: 480 });
    expect(unitOf(toBudget("hours", 8))).toBe("hours");
    expect(unitOf(toBudget("minutes", 90))).toBe("minutes");
    expect(unitOf(toBudget("steps", 5000))).toBe("steps");
    expect(formatSeconds(26 * 3600 + 90)).toBe("26 h 2 min");
  });

  test("what it does now is a step, or the scores of a run that is trained", () => {
    const current = { setting: "8", seed: 1, step: 300, curve: [] };
    expect(nowText(current)).toBe("8, step 300");
    expect(nowText({ ...current, isScored: true })).toBe("8, its scores on tasks");
  });
});
