import type { JSX } from "react";
import type { TrajectoryStudyResult } from "../../core/job/trajectory-study";
import { studyKind, type StudySpec } from "../../notebook/steps/study";
import { NumberField } from "../ui/NumberField";
import { lazyPart } from "./lazy-part";
import { stepView, type StepProps } from "./step-view";

type Ask = StudySpec["ask"];
type Props = StepProps<StudySpec, TrajectoryStudyResult>;

interface AskWords {
  name: string;
  title: string;
  about: string;
  verb: string;
  /** Numbers that the reader can choose, with their bounds. */
  fields: readonly (readonly [name: string, label: string, min: number, max: number])[];
}

const WORDS: Readonly<Record<Ask, AskWords>> = {
  impute: {
    name: "Gaps",
    title: "Can it fill a gap?",
    about:
      "Some check-ins in the middle of a trajectory are taken out, and the model finds several ways through by beam search, no step longer than some rings of cells (as KAMEL does). Beside it a twin with random weights, the straight line, and staying at the place before.",
    verb: "Fill gaps",
    fields: [
      ["missing", "Missing check-ins", 1, 8],
      ["rings", "Rings from one to the next", 1, 100],
      ["beam", "Routes followed up", 1, 16],
      ["trajectories", "Trajectories", 1, 1000],
    ],
  },
  surprise: {
    name: "Surprise",
    title: "What did it not expect?",
    about:
      "Trajectories by perplexity: check-ins are hidden one at a time, all others open, and the least expected one stands first. Choose one to see where in it the surprise sits.",
    verb: "Rank the trajectories",
    fields: [
      ["trajectories", "Trajectories", 1, 10_000],
      ["each", "Check-ins of each", 1, 200],
    ],
  },
  similar: {
    name: "Similar",
    title: "Who moves alike?",
    about:
      "The trajectories that are nearest to one of them, by the model’s embedding and by dynamic time warping of the places. How far the two agree is said beside what chance would give.",
    verb: "Find similar trajectories",
    fields: [
      ["query", "Test trajectory", 0, 1e6],
      ["count", "Listed", 1, 50],
    ],
  },
  link: {
    name: "Linking",
    title: "Would half a trajectory give a person away?",
    about:
      "A privacy meter: the first half of a trajectory is shown, and the second half is to be found among those of N people. Names are not needed for that: places are enough.",
    verb: "Measure",
    fields: [["people", "People", 2, 10_000]],
  },
};

function About({ spec }: Props): JSX.Element {
  return <p>{WORDS[spec.ask].about}</p>;
}

function Controls({ spec, onChange }: Props): JSX.Element {
  const values = spec as unknown as Record<string, number>;
  return (
    <>
      {WORDS[spec.ask].fields.map(([name, label, min, max]) => (
        <NumberField
          key={name}
          label={label}
          value={values[name]}
          {...{ min, max }}
          onChange={(value = values[name]!) => onChange({ [name]: value })}
        />
      ))}
    </>
  );
}

/** Questions about trajectories that have no table of seven rows. */
export const studyView = stepView<StudySpec, TrajectoryStudyResult>({
  kind: "study",
  toSpec: (authored) => studyKind.toSpec(authored),
  name: ({ ask }) => WORDS[ask].name,
  title: ({ spec }) => WORDS[spec.ask].title,
  About,
  Controls,
  Figure: lazyPart(() => import("../study/StudyFigure")),
  verb: ({ ask }) => WORDS[ask].verb,
  promise: "This runs when you say so; it takes some seconds.",
  heightPx: 200,
});
