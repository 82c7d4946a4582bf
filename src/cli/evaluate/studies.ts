/** The questions about trajectories that have no table of seven rows, at one size each. */
import type { DatasetSpec } from "../../core/job/dataset";
import type { ModelSpec } from "../../core/job/model";
import type { Session } from "../../core/job/session";
import {
  runTrajectoryStudy,
  type TrajectoryAnswer,
  type TrajectoryQuestion,
} from "../../core/job/trajectory-study";
import type { CommandInput } from "../command";
import { showing } from "../run";

type Link = TrajectoryAnswer & { ask: "link" };

/** Scores of the questions, as results.json keeps them. */
export interface Studies {
  readonly impute: Omit<TrajectoryAnswer & { ask: "impute" }, "gaps"> & { readonly gaps: number };
  /** Results that an earlier version wrote have no protections. */
  readonly link: Omit<Link, "protections"> & Partial<Pick<Link, "protections">>;
  /** Over the first queries; shares of the ten nearest that embedding and warping have in common. */
  readonly similar: { readonly queries: number; readonly overlap: number; readonly chance: number };
}

const IMPUTE = { ask: "impute", missing: 3, rings: 8, beam: 4, trajectories: 60 } as const;
const LINK = { ask: "link", people: 100 } as const;
const QUERIES = 10;

/** Asks all questions of one model. Throws what the job throws. */
export async function runStudies(
  where: { dataset: DatasetSpec; model: ModelSpec; seed: number },
  session: Session,
  { progress, signal }: Pick<CommandInput, "progress" | "signal">,
): Promise<Studies> {
  const ask = async <Q extends TrajectoryQuestion>(question: Q) => {
    const job = { kind: "trajectory-study", ...where, question } as const;
    const { answer } = await showing(runTrajectoryStudy(job, session, signal), progress);
    return answer as Extract<TrajectoryAnswer, { ask: Q["ask"] }>;
  };
  const { gaps, ...impute } = await ask(IMPUTE);
  const link = await ask(LINK);
  let [overlap, chance] = [0, 0];
  for (let query = 0; query < QUERIES; query++) {
    const found = await ask({ ask: "similar", query, count: 10 });
    overlap += found.overlap / QUERIES;
    chance = found.chance;
  }
  const similar = { queries: QUERIES, overlap, chance };
  return { impute: { ...impute, gaps: gaps.length }, link, similar };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A Markdown table, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const rule = rows[0]!.map((_, n) => (n === 0 ? "---" : "---:"));
  return [rows[0]!, rule, ...rows.slice(1)].map((row) => `| ${row.join(" | ")} |`);
}

/** The questions as Markdown lines. */
export function studiesMarkdown({ impute, link, similar }: Studies): string[] {
  const gaps = impute.scores.map(({ name, exact, km, dtwKm, geoBleu }) => [
    name,
    percent(exact),
    km.toFixed(2),
    dtwKm.toFixed(2),
    geoBleu.toFixed(3),
  ]);
  const people = link.rows.map(({ name, hits1, hits5, mrr }) => {
    return [name, percent(hits1), percent(hits5), mrr.toFixed(3)];
  });
  const { protections = [] } = link;
  const weeks = protections.map(({ name, places, times, kept }) => {
    return [name, percent(places.hits1), percent(times.hits1), percent(kept)];
  });
  return [
    "### Questions without a table",
    "",
    `Gaps of ${IMPUTE.missing} check-ins in ${impute.gaps} test trajectories, beam ${IMPUTE.beam}, ${IMPUTE.rings} rings:`,
    "",
    ...table([["", "exact", "mean km", "DTW, km a check-in", "GEO-BLEU"], ...gaps]),
    "",
    `Who of ${link.rows[0]?.people ?? 0} people is told from the first half of a trajectory by the second:`,
    "",
    ...table([["", "first guess", "among five", "MRR"], ...people]),
    "",
    ...(weeks.length === 0
      ? []
      : [
          `Who of ${protections[0]!.places.people} people is told from one week by the rest of all trajectories:`,
          "",
          ...table([
            ["protected by", "by places", "by places and hours", "check-ins left"],
            ...weeks,
          ]),
          "",
        ]),
    `The ten trajectories that are nearest by embedding and by warping have ${percent(similar.overlap)} in common (${similar.queries} queries; chance ${percent(similar.chance)}).`,
    "",
  ];
}
