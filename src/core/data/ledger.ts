/** What is left; a field is absent where it does not exist yet at that stage. */
export interface Counts {
  points?: number;
  checkIns?: number;
  trajectories?: number;
  users?: number;
}

/** One rule and what was left after it. */
export interface LedgerRule extends Counts {
  rule: string;
}

/** Rows that could not be used, by reason, with the line numbers of the first few (the header is line 1). */
export interface Rejection {
  reason: string;
  count: number;
  firstLines: number[];
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
  for (const key of ["points", "checkIns", "trajectories", "users"] as const) {
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

/** Each rule with the counts before it beside the counts after it, for reports. */
export function ledgerSteps(ledger: Ledger): { rule: string; before: Counts; after: Counts }[] {
  let before: Counts = {};
  return ledger.rules.map(({ rule, ...after }) => {
    const step = { rule, before, after };
    before = after;
    return step;
  });
}
