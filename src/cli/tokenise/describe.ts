import type { Counts } from "../../core/data/ledger";
import { extraTexts } from "../../core/token/extras";
import { tokensAround, tokensBefore } from "../../core/token/rows";
import type { TokeniseReport } from "./work";

const inWords = (count: number | undefined): string => (count ?? 0).toLocaleString("en");

const WORDS: Record<keyof Counts, string> = {
  points: "points",
  checkIns: "check-ins",
  trajectories: "trajectories",
  users: "users",
};
const COUNTED = Object.keys(WORDS) as (keyof Counts)[];

function ruleLine({ rule, after }: TokeniseReport["ledger"]["steps"][number]): string {
  const counts = COUNTED.filter((key) => after[key] !== undefined);
  return `  ${rule}: ${counts.map((key) => `${inWords(after[key])} ${WORDS[key]}`).join(", ")}`;
}

/** What is odd in the points, where there is something; the whole report stands in report.json. */
function oddLine(report: TokeniseReport): string[] {
  if (!("data" in report)) return [];
  const { duplicates, elsewhere, outOfOrder, speeding, gaps } = report.data;
  const odd: [number, string][] = [
    [duplicates, "duplicates"],
    [elsewhere, "at one moment in another cell"],
    [outOfOrder, "out of order"],
    [speeding.count, `faster than ${inWords(speeding.limitKmh)} km/h`],
    [gaps.count, "gaps of over a day"],
  ];
  const found = odd.filter(([count]) => count > 0);
  if (found.length === 0) return [];
  return [
    `  reported, not dropped: ${found.map(([n, what]) => `${inWords(n)} ${what}`).join(", ")}`,
  ];
}

/** Ids of the tokens behind the pieces, and what they cost and mean; nothing where there are none. */
function extraLines({ tokens }: TokeniseReport): string[] {
  const { extras } = tokens;
  if (extras === undefined) return [];
  const texts = extraTexts(extras);
  const last = extras.first + texts.length - 1;
  const perCell = tokens.tokensPerCell + tokensBefore(extras);
  return [
    `extra tokens: ids ${extras.first} to ${last}, ${texts[0]} to ${texts.at(-1)}; rows hold ${perCell.toFixed(2)} tokens a check-in with them and ${tokensAround(extras)} around all`,
    ...(extras.users > 0
      ? [
          `  a model of these tokens knows ${inWords(extras.users)} people by number: whoever has it can ask where they go; do not share it as if nobody could be told apart`,
        ]
      : []),
  ];
}

/** The report in lines for people. */
export function describe(report: TokeniseReport, out: string): string[] {
  const { ledger, tokens, clock, filled } = report;
  const rejected = ledger.rejected.map(
    ({ reason, count, firstLines }) =>
      `  rejected ${inWords(count)}: ${reason} (line ${firstLines.join(", ")})`,
  );
  const splits = Object.entries(tokens.splits).map(
    ([split, { trajectories, tokens: count }]) =>
      `  ${split}: ${inWords(trajectories)} trajectories, ${inWords(count)} tokens`,
  );
  return [
    report.name,
    `rows read: ${inWords(ledger.rowsRead)}`,
    ...rejected,
    ...oddLine(report),
    ...ledger.steps.map(ruleLine),
    ...(filled ? [`  positions filled in: ${(filled.share * 100).toFixed(1)} %`] : []),
    `local clock: ${clock}`,
    `tokens: vocabulary ${inWords(tokens.vocabularySize)}, ${tokens.tokensPerCell.toFixed(2)} a check-in`,
    ...extraLines(report),
    ...splits,
    `written to ${out} in ${report.seconds} s (${inWords(report.rowsPerSecond)} rows/s)`,
  ];
}

/** Warns of broken files, where over half of anything was lost (DI-15), and where a part is empty. */
export function warnings(report: TokeniseReport): string[] {
  const { ledger, tokens } = report;
  const broken = "files" in report ? report.files.flatMap(({ problem }) => problem ?? []) : [];
  const lost = ledger.losses.map(({ what, before, after }) => {
    const word = what === "rows" ? "rows" : WORDS[what];
    return `warning: of ${inWords(before)} ${word} only ${inWords(after)} are left`;
  });
  const empty = Object.entries(tokens.splits).filter(([, split]) => split.trajectories === 0);
  return [
    ...broken.map((problem) => `warning: ${problem}`),
    ...lost,
    ...empty.map(([split]) => `warning: the ${split} part is empty; try --split trajectory`),
  ];
}
