/** What is left; a field is absent where it does not exist yet at that stage. */
export interface Counts {
  points?: number;
  checkIns?: number;
  trajectories?: number;
  users?: number;
}

/** What the ledger counts. */
export const COUNTED = ["points", "checkIns", "trajectories", "users"] as const;
export type Counted = (typeof COUNTED)[number];

/** One rule and what was left after it. */
export interface LedgerRule extends Counts {
  rule: string;
}

/** Rows that could not be used, by reason, with the line numbers of the first few (the header is line 1). */
export interface Rejection {
  reason: string;
  count: number;
  firstLines: number[];
  /** The file of each of the first lines, where there are several files. */
  firstFiles?: string[];
}

/** The way from rows to trajectories: what each rule left (DI-15). */
export interface Ledger {
  rules: LedgerRule[];
  rowsRead: number;
  rejected: Rejection[];
}

/** An empty ledger. */
export function createLedger(): Ledger {
  return { rules: [], rowsRead: 0, rejected: [] };
}

function addCounts(into: LedgerRule, from: Counts): void {
  for (const key of COUNTED) {
    const count = from[key];
    if (count !== undefined) into[key] = (into[key] ?? 0) + count;
  }
}

/** Adds a ledger to another: rules and reasons of one name are summed. Users of two parts must differ. */
export function mergeLedger(into: Ledger, from: Ledger): void {
  into.rowsRead += from.rowsRead;
  for (const rule of from.rules) {
    const known = into.rules.find((candidate) => candidate.rule === rule.rule);
    if (known) addCounts(known, rule);
    else into.rules.push({ ...rule });
  }
  for (const { reason, count, firstLines } of from.rejected) {
    const known = into.rejected.find((candidate) => candidate.reason === reason);
    if (known) known.count += count;
    else into.rejected.push({ reason, count, firstLines: [...firstLines] });
  }
}

/** One rule with the counts before it beside the counts after it. */
export interface LedgerStep {
  rule: string;
  before: Counts;
  after: Counts;
  /** True where the rule took more than half of anything. */
  isMostLost: boolean;
}

/** True where more than half of anything that was counted before and after is gone. */
export function isMostLost(before: Counts, after: Counts): boolean {
  return COUNTED.some((what) => {
    const [was, left] = [before[what], after[what]];
    return was !== undefined && left !== undefined && left * 2 < was;
  });
}

/** Each rule with the counts before it beside the counts after it, for reports; rows count as points. */
export function ledgerSteps({ rules, rowsRead }: Pick<Ledger, "rules" | "rowsRead">): LedgerStep[] {
  let before: Counts = rowsRead > 0 ? { points: rowsRead } : {};
  return rules.map(({ rule, ...after }) => {
    const step = { rule, before, after, isMostLost: isMostLost(before, after) };
    before = after;
    return step;
  });
}

/** What most of was lost on the whole way, from the first count to the last. */
export interface Loss {
  what: "rows" | Counted;
  before: number;
  after: number;
}

/** Rows, points, check-ins, trajectories or users of which the rules left less than half (DI-15). */
export function findLosses({ rules, rowsRead, rejected }: Ledger): Loss[] {
  const usable = rowsRead - rejected.reduce((sum, { count }) => sum + count, 0);
  const losses: Loss[] = [{ what: "rows", before: rowsRead, after: usable }];
  for (const what of COUNTED) {
    const counts = rules.flatMap((rule) => rule[what] ?? []);
    losses.push({ what, before: counts[0] ?? 0, after: counts.at(-1) ?? 0 });
  }
  return losses.filter(({ before, after }) => after * 2 < before);
}
