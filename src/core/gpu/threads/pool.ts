import { FootfallError } from "../../errors";
import type { WasmMemory } from "../web-assembly";
import type { Board } from "./board";
import {
  CALL_FLOATS,
  JOB_MASK,
  MAX_PARTS,
  OWN_SCRATCH,
  NO_PART,
  PART_BITS,
  TAPE_CALLS,
  WORDS,
  createBoard,
} from "./board";
import type { HelperMessage, KernelCode, ThreadRules } from "./thread";
import { takeParts } from "./thread";

/** A helper as the pool sees it: a worker that runs `runHelper`. */
export interface Helper {
  postMessage(message: HelperMessage): void;
  terminate(): void;
  /** Calls back where the helper ends by itself. */
  onEnd(callback: () => void): void;
}

/** Calls one kernel. */
export type RunKernel = (name: string, ...values: number[]) => void;

/** A share of a job; `scratch` is the address of memory that no other thread uses meanwhile. */
export type Part = (run: RunKernel, scratch: number) => void;

/** A module of kernels that all threads have. */
export interface KernelModule {
  readonly number: number;
  readonly names: ReadonlyMap<string, number>;
  readonly kernels: readonly KernelCode[];
}

/** What every thread is told about the board. */
const RULES: ThreadRules = {
  words: WORDS,
  partBits: PART_BITS,
  jobMask: JOB_MASK,
  callFloats: CALL_FLOATS,
  ownScratch: OWN_SCRATCH,
};

/** A helper that has not finished its part after this long is lost: parts take less than a tenth of a second. */
const LOST_MS = 10_000;
/**
 * How often a helper looks for the next job before it lies down: some 0.3 ms, longer than the pauses of a training
 * step. And the calling thread for the last part: some 50 microseconds; the helper may need its core.
 */
const HELPER_SPINS = 40_000;
const SPINS = 5000;

export interface PoolOptions {
  readonly threads: number;
  /** Memory that is shared. */
  readonly memory: WasmMemory;
  spawn(): Helper;
  readonly lostMs?: number;
}

/** Helpers that do parts of the jobs of one thread. It starts them with the first job that has several parts. */
export class ThreadPool {
  /** Threads wanted, the calling one included. */
  readonly threads: number;
  readonly #board: Board = createBoard();
  readonly #memory: WasmMemory;
  readonly #spawn: () => Helper;
  readonly #lostMs: number;
  readonly #modules: HelperMessage[] = [];
  #helpers: Helper[] | undefined;
  #job = 0;

  constructor({ threads, memory, spawn, lostMs = LOST_MS }: PoolOptions) {
    this.threads = threads;
    this.#memory = memory;
    this.#spawn = spawn;
    this.#lostMs = lostMs;
  }

  /** Makes a compiled module known to all helpers; returns its number. */
  addModule(module: object, names: readonly string[]): number {
    const message: HelperMessage = { kind: "module", module, names };
    for (const helper of this.#helpers ?? []) helper.postMessage(message);
    const { words } = this.#board;
    Atomics.store(words, WORDS.modules, this.#modules.push(message));
    Atomics.notify(words, WORDS.job); // who sleeps goes to its messages
    return this.#modules.length - 1;
  }

  /** Whether a helper is there that has a module; starts them at the first call. */
  hasHelper(module: number): boolean {
    this.#helpers ??= Array.from({ length: this.threads - 1 }, (_, n) => this.#start(n + 1));
    return this.#countReady(module + 1) > 0;
  }

  /** Whether all helpers have all modules. */
  get isReady(): boolean {
    return this.#countReady(this.#modules.length) === this.threads - 1;
  }

  /** Jobs that were handed out, modulo 2^24. */
  get jobs(): number {
    return this.#job;
  }

  /** Helpers that have at least so many modules. */
  #countReady(modules: number): number {
    let count = 0;
    for (let thread = 1; thread < this.threads; thread++) {
      if (Atomics.load(this.#board.words, WORDS.ready + thread) >= modules) count++;
    }
    return count;
  }

  #start(thread: number): Helper {
    const helper = this.#spawn();
    const { words } = this.#board;
    helper.onEnd(() => {
      Atomics.store(words, WORDS.ready + thread, 0); // between two jobs: it has no part
    });
    const [board, memory] = [this.#board, this.#memory];
    helper.postMessage({ kind: "start", board, rules: RULES, memory, thread, spins: HELPER_SPINS });
    for (const message of this.#modules) helper.postMessage(message);
    return helper;
  }

  /** Does all parts, with the help of others; `scratch` is memory of `threads` times so many bytes. */
  run(
    module: KernelModule,
    parts: readonly Part[],
    { scratch, bytes }: { scratch: number; bytes: number },
  ): void {
    for (let from = 0; from < parts.length;) {
      const count = this.#write(module, parts, from);
      if (count === 0) throw new Error("a part has more calls than the tape");
      this.#publish(module.number, count, scratch, bytes);
      takeParts(this.#board, RULES, { job: this.#job, kernels: module.kernels, thread: 0 });
      this.#wait(count);
      from += count;
    }
  }

  /** Writes as many parts as fit on the tape; returns how many. */
  #write({ names }: KernelModule, parts: readonly Part[], from: number): number {
    const { words, tape } = this.#board;
    let call = 0;
    const record: RunKernel = (name, ...values) => {
      if (call < TAPE_CALLS) {
        tape[call * CALL_FLOATS] = names.get(name)!;
        tape.set(values, call * CALL_FLOATS + 1);
      }
      call++;
    };
    const most = Math.min(MAX_PARTS, parts.length - from);
    for (let count = 0; count < most; count++) {
      words[WORDS.starts + count] = call;
      parts[from + count]!(record, OWN_SCRATCH);
      if (call > TAPE_CALLS) return count;
    }
    words[WORDS.starts + most] = call;
    return most;
  }

  #publish(module: number, parts: number, scratch: number, scratchBytes: number): void {
    const { words } = this.#board;
    this.#job = (this.#job + 1) & JOB_MASK;
    // first no part can be taken: a helper may be looking at the job before still, with its number of parts
    Atomics.store(words, WORDS.ticket, (this.#job << PART_BITS) | NO_PART);
    words[WORDS.parts] = parts;
    words[WORDS.module] = module;
    words[WORDS.scratch] = scratch;
    words[WORDS.scratchBytes] = scratchBytes;
    Atomics.store(words, WORDS.done, 0);
    Atomics.store(words, WORDS.ticket, this.#job << PART_BITS);
    Atomics.store(words, WORDS.job, this.#job);
    Atomics.notify(words, WORDS.job);
  }

  /** Waits until all parts are finished. Throws "worker-failed" where a helper does not come back. */
  #wait(parts: number): void {
    const { words } = this.#board;
    for (let n = 0; n < SPINS; n++) if (Atomics.load(words, WORDS.done) === parts) return;
    for (;;) {
      const done = Atomics.load(words, WORDS.done);
      if (done === parts) return;
      if (sleep(words, done, this.#lostMs) !== "timed-out") continue;
      if (Atomics.load(words, WORDS.done) === done) this.#fail();
    }
  }

  #fail(): never {
    this.dispose();
    const sentence = `a helper thread did not answer for ${this.#lostMs / 1000} seconds; start again, the engine goes on with one thread`;
    throw new FootfallError("worker-failed", sentence);
  }

  /** Ends all helpers; what comes later runs on one thread. */
  dispose(): void {
    for (const helper of this.#helpers ?? []) helper.terminate();
    this.#helpers = [];
    this.#board.words.fill(0, WORDS.ready, WORDS.ready + this.threads);
  }
}

/** Waits for the next finished part; where nobody may sleep (a page's own thread), it looks all the time. */
function sleep(words: Int32Array, done: number, ms: number): string {
  try {
    return Atomics.wait(words, WORDS.done, done, ms);
  } catch {
    const until = performance.now() + ms;
    while (Atomics.load(words, WORDS.done) === done) {
      if (performance.now() > until) return "timed-out";
    }
    return "ok";
  }
}

const POOLS = new WeakMap<object, ThreadPool>();

/** Gives a backend of tfjs helpers. */
export function setPool(backend: object, pool: ThreadPool): void {
  POOLS.set(backend, pool);
}

/** The helpers of a backend, undefined where it runs on one thread. */
export function poolOf(backend: object): ThreadPool | undefined {
  return POOLS.get(backend);
}
