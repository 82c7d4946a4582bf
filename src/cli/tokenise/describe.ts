import type { TokeniseReport } from "./work";

const inWords = (count: number | undefined): string => (count ?? 0).toLocaleString("en");

/** The report in lines for people. */
export function describe(report: TokeniseReport, out: string): string[] {
  const { ledger, tokens } = report;
  const rejected = ledger.rejected.map(
    ({ reason, count, firstLines }) =>
      `  rejected ${inWords(count)}: ${reason} (line ${firstLines.join(", ")})`,
  );
  const rules = ledger.rules.map((rule) => {
    const counts = (["points", "checkIns", "trajectories", "users"] as const)
      .filter((key) => rule[key] !== undefined)
      .map((key) => `${inWords(rule[key])} ${key === "checkIns" ? "check-ins" : key}`);
    return `  ${rule.rule}: ${counts.join(", ")}`;
  });
  const splits = Object.entries(tokens.splits).map(
    ([split, { trajectories, tokens: count }]) =>
      `  ${split}: ${inWords(trajectories)} trajectories, ${inWords(count)} tokens`,
  );
  return [
    report.name,
    `rows read: ${inWords(ledger.rowsRead)}`,
    ...rejected,
    ...rules,
    `tokens: vocabulary ${inWords(tokens.vocabularySize)}, ${tokens.tokensPerCell.toFixed(2)} a check-in`,
    ...splits,
    `written to ${out} in ${report.seconds} s (${inWords(report.rowsPerSecond)} rows/s)`,
  ];
}

/** Warns where over half of the trajectories fell to the filters (DI-15), and where a part is empty. */
export function warnings({ ledger, tokens, trajectories }: TokeniseReport): string[] {
  const all = ledger.rules.find(({ rule }) => rule.startsWith("one trajectory"))?.trajectories ?? 0;
  const dropped = all - trajectories;
  const empty = Object.entries(tokens.splits).filter(([, split]) => split.trajectories === 0);
  return [
    ...(dropped * 2 > all
      ? [`warning: the filters dropped ${inWords(dropped)} of ${inWords(all)} trajectories`]
      : []),
    ...empty.map(([split]) => `warning: the ${split} part is empty; try --split trajectory`),
  ];
}
