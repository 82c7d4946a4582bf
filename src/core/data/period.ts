/** The days on which data begin and end, as "2023-05-01", in UTC. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The day of a moment. */
export const dayText = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

/** First and last moment of what is added; in the order of the users times are not. */
export class PeriodFinder {
  #fromMs = Infinity;
  #toMs = -Infinity;

  add(moments: Iterable<number>): this {
    for (const ms of moments) {
      if (ms < this.#fromMs) this.#fromMs = ms;
      if (ms > this.#toMs) this.#toMs = ms;
    }
    return this;
  }

  /** Undefined where nothing was added. */
  find(): Period | undefined {
    if (this.#fromMs > this.#toMs) return undefined;
    return { from: dayText(this.#fromMs), to: dayText(this.#toMs) };
  }
}
