import { NO_HOUR } from "../data/hours";
import { timeTokenOf, userTokenOf, type ExtraTokens } from "./extras";
import { CLS, SEP } from "./tokeniser";

/** Tokens of a row that belong to no check-in: [CLS], [SEP] and the person's. */
export const tokensAround = (extras: ExtraTokens | undefined): number =>
  2 + (extras !== undefined && extras.users > 0 ? 1 : 0);

/** Tokens of each check-in besides its pieces. */
export const tokensBefore = (extras: ExtraTokens | undefined): number =>
  extras?.times === "week" ? 1 : 0;

/**
 * The extra tokens of a row: all of a vocabulary's, or none where it has hours and nobody knows those of the
 * row. Models learn such bare rows too (`BARE_SHARE` in train/batches.ts).
 */
export function extrasOfRow(
  extras: ExtraTokens | undefined,
  hours: unknown,
): ExtraTokens | undefined {
  return extras?.times === "week" && hours === undefined ? undefined : extras;
}

/**
 * Writes one row: [CLS], the person, and check-in after check-in, its hour before its pieces. Extra tokens have the
 * check-in number -1, as [CLS] and [SEP]: what masks and windows pass over.
 */
export class RowWriter {
  readonly tokens: number[] = [];
  /** Number of the check-in of each token, -1 for none. */
  readonly cellOf: number[] = [];
  /** Hour of the week of each token, `NO_HOUR` for none. */
  readonly hours: number[] = [];
  readonly #extras: ExtraTokens | undefined;
  #cell = -1;
  #hour = NO_HOUR;

  /** @param user number of the person, 0 for anybody */
  constructor(extras: ExtraTokens | undefined, user = 0) {
    this.#extras = extras;
    this.#put(CLS, -1, NO_HOUR);
    this.#putExtra(extras && userTokenOf(extras, user));
  }

  #put(token: number, cell: number, hour: number): void {
    this.tokens.push(token);
    this.cellOf.push(cell);
    this.hours.push(hour);
  }

  #putExtra(token: number | undefined): void {
    if (token !== undefined) this.#put(token, -1, NO_HOUR);
  }

  /** Begins check-in number `cell`. */
  begin(cell: number, hour = NO_HOUR): void {
    this.#putExtra(this.#extras && timeTokenOf(this.#extras, hour));
    this.#cell = cell;
    this.#hour = hour;
  }

  /** A piece of the check-in that was begun last. */
  piece(token: number): void {
    this.#put(token, this.#cell, this.#hour);
  }

  /** Closes the row with [SEP]. */
  close(): this {
    this.#put(SEP, -1, NO_HOUR);
    return this;
  }
}
