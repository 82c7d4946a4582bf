import { expect, test } from "vitest";
import { CLAIMS } from "./claims";
import { CONFIDENCE, updateConfidence } from "./confidence";
import { PAPER_MAP } from "./paper-map";
import { faultOf, hasTexts, needsTexts } from "./papers.testing";
import { NO_RESULTS } from "./results";
import { judgeAll } from "./verdict";

test("the map has every table, figure, hyper-parameter and claim of paper 1, each once", () => {
  const names = PAPER_MAP.filter(({ paper }) => paper === 1).map(({ name }) => name);
  for (let table = 1; table <= 14; table++) {
    expect(names.filter((name) => name.startsWith(`Table ${table}:`))).toHaveLength(1);
  }
  for (let figure = 1; figure <= 12; figure++) {
    expect(names.filter((name) => name.startsWith(`Figure ${figure}:`))).toHaveLength(1);
  }
  const claims = PAPER_MAP.filter(({ kind }) => kind === "claim");
  expect(claims).toHaveLength(CLAIMS.length);
  const parameters = PAPER_MAP.filter(({ kind }) => kind === "hyper-parameter");
  expect(parameters).toHaveLength(2 * 9); // of pre-training and of adaptation
  const batch = parameters.find(({ name }) => /^Per-device batch size: 32 .* 1024 /.test(name));
  expect(batch!.link).toEqual({ notebook: "adaptation", step: "adapt" });
});

test("a reader's confidence rests on claims that there are, and is not tested without results", () => {
  const ids = CLAIMS.map(({ id }) => id);
  expect(CONFIDENCE.flatMap(({ claims }) => claims).filter((id) => !ids.includes(id))).toEqual([]);
  const here = new Set(updateConfidence(judgeAll(NO_RESULTS)).map((one) => one.here));
  expect([...here].toSorted()).toEqual(["not tested here", "nothing here can tell"]);
});

test.skipIf(!hasTexts)(`confidence stands in the lines it cites${needsTexts}`, () => {
  expect(CONFIDENCE.map(({ source }) => faultOf(source)).filter(Boolean)).toEqual([]);
});
