import type { Progress } from "../../pace";
import { widthOf } from "../tasks/examples";
import { scoreAnswers, takeAnswers, takeLabels } from "../tasks/scoring";
import { RIVALS, type RivalInput } from "./rivals";

/** The headline of a probe's answers on the test examples; undefined where it cannot be told. */
export async function* scoreRival(
  row: "linear-probe" | "twin-probe",
  input: RivalInput,
): AsyncGenerator<Progress, number | undefined, void> {
  const { task, examples, split, centres } = input;
  const { answers } = yield* RIVALS[row]!(input);
  const { test } = split;
  const labels = takeLabels(examples.labels, test);
  const picked = takeAnswers(answers, test, widthOf(examples.labels));
  return scoreAnswers(labels, picked, { metrics: [task.headline], centres })[task.headline];
}
