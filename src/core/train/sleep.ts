import type { Pace } from "../pace";

/** A rest is over within milliseconds; one that is longer than this was none: timers stood still. */
const REST_MS = 5000;
/** So long no work goes on without a look at the clock, however large the model is and whatever is compiled first. */
const WORK_MS = 120_000;
/** Once it has looked so often it knows how long it works between two looks: a gap of many times that is sleep. */
const KNOWN_LOOKS = 200;
const MANY_TIMES = 20;
const LEAST_WORK_MS = 10_000;

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
  #looks = 0;
  /** The longest work between two looks. */
  #longestMs = 0;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  due(): boolean {
    this.#look(this.#mostWorkMs);
    return this.#pace.due();
  }

  async rest(): Promise<void> {
    this.#look(this.#mostWorkMs);
    await this.#pace.rest();
    this.#look(REST_MS);
  }

  /** The sleep since the last call; undefined without any. */
  take(): Slept | undefined {
    const slept = this.#slept;
    this.#slept = { ms: 0, countedMs: 0 };
    return slept.ms > 0 ? slept : undefined;
  }

  get #mostWorkMs(): number {
    if (this.#looks < KNOWN_LOOKS) return WORK_MS;
    return Math.min(WORK_MS, Math.max(LEAST_WORK_MS, MANY_TIMES * this.#longestMs));
  }

  #look(mostMs: number): void {
    const [wall, ran] = [Date.now(), performance.now()];
    const passed = ran - this.#ran;
    const stood = wall - this.#wall - passed;
    [this.#wall, this.#ran] = [wall, ran];
    const countedMs = passed > mostMs ? passed : 0;
    this.#looks++;
    if (countedMs === 0) this.#longestMs = Math.max(this.#longestMs, passed);
    const uncountedMs = stood > REST_MS ? stood : 0;
    this.#slept.ms += countedMs + uncountedMs;
    this.#slept.countedMs += countedMs;
  }
}
