import type { Pace } from "../pace";

/** A rest is over within milliseconds; one that is longer than this was none: timers stood still. */
const REST_MS = 5000;
/** So long no step works without looking at the clock, however large the model is. */
const WORK_MS = 120_000;

/** How long it slept. */
export interface Slept {
  readonly ms: number;
  /** The part of it that `performance.now()` has counted; it stands still on some systems and not on others. */
  readonly countedMs: number;
}

/**
 * A pace that notices when the tab was frozen or the computer slept in the middle of work: a rest that does not
 * end, work that takes minutes, or a clock of the wall that runs ahead of that of the machine.
 */
export class SleepWatch implements Pace {
  readonly #pace: Pace;
  #wall = Date.now();
  #ran = performance.now();
  #slept = { ms: 0, countedMs: 0 };

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  due(): boolean {
    this.#look(WORK_MS);
    return this.#pace.due();
  }

  async rest(): Promise<void> {
    this.#look(WORK_MS);
    await this.#pace.rest();
    this.#look(REST_MS);
  }

  /** The sleep since the last call; undefined without any. */
  take(): Slept | undefined {
    const slept = this.#slept;
    this.#slept = { ms: 0, countedMs: 0 };
    return slept.ms > 0 ? slept : undefined;
  }

  #look(mostMs: number): void {
    const [wall, ran] = [Date.now(), performance.now()];
    const passed = ran - this.#ran;
    const stood = wall - this.#wall - passed;
    [this.#wall, this.#ran] = [wall, ran];
    const countedMs = passed > mostMs ? passed : 0;
    const uncountedMs = stood > REST_MS ? stood : 0;
    this.#slept.ms += countedMs + uncountedMs;
    this.#slept.countedMs += countedMs;
  }
}
