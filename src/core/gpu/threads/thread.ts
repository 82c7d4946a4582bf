import type { Board, Words } from "./board";

/** Code of a kernel: addresses and sizes in, nothing out. */
export type KernelCode = (...values: number[]) => void;

/** The numbers that a thread needs of the board; it is told, because its functions travel as text. */
export interface ThreadRules {
  readonly words: Words;
  readonly partBits: number;
  readonly jobMask: number;
  readonly callFloats: number;
  readonly ownScratch: number;
}

/** Does parts of the job `job` until none is left, or another job has begun. */
export type TakeParts = (
  board: Board,
  rules: ThreadRules,
  work: { readonly job: number; readonly kernels: readonly KernelCode[]; readonly thread: number },
) => void;

/**
 * Takes parts one by one: a thread that comes late, or is kept from running, takes fewer. A part is taken by
 * raising the ticket from what was read, which fails where another job has begun since: what a thread then reads
 * cannot be of another job, because that waits for all parts of this one. Uses nothing from outside: it travels as text.
 */
export const takeParts: TakeParts = ({ words, tape }, rules, { job, kernels, thread }) => {
  const { words: at, partBits, jobMask, callFloats, ownScratch } = rules;
  for (;;) {
    const ticket = Atomics.load(words, at.ticket);
    const part = ticket & ((1 << partBits) - 1);
    if (((ticket >>> partBits) & jobMask) !== job || part >= words[at.parts]!) return;
    if (Atomics.compareExchange(words, at.ticket, ticket, ticket + 1) !== ticket) continue;
    const end = words[at.starts + part + 1]!;
    const own = (words[at.scratch]! >>> 0) + thread * words[at.scratchBytes]! - ownScratch;
    const value = (place: number): number =>
      tape[place]! >= ownScratch ? tape[place]! + own : tape[place]!;
    for (let n = words[at.starts + part]!; n < end; n++) {
      const c = n * callFloats; // all of them: a call with a list of its own takes ten times as long
      kernels[tape[c]!]!(
        value(c + 1),
        value(c + 2),
        value(c + 3),
        value(c + 4),
        value(c + 5),
        value(c + 6),
        value(c + 7),
        value(c + 8),
        value(c + 9),
        value(c + 10),
        value(c + 11),
        value(c + 12),
        value(c + 13),
        value(c + 14),
        value(c + 15),
      );
    }
    if (Atomics.add(words, at.done, 1) + 1 === words[at.parts]!) Atomics.notify(words, at.done);
  }
};

/** What a helper is told first. */
export interface HelperStart {
  readonly kind: "start";
  readonly board: Board;
  readonly rules: ThreadRules;
  /** The memory of tensors. */
  readonly memory: object;
  /** Its number, from 1. */
  readonly thread: number;
  /** How often it looks for a job before it lies down. */
  readonly spins: number;
}

/** A compiled module of kernels, whose numbers are their places in `names`. */
export interface HelperModule {
  readonly kind: "module";
  readonly module: object;
  readonly names: readonly string[];
}

export type HelperMessage = HelperStart | HelperModule;

/** What a helper needs of the browser or of Node. */
export interface HelperHost {
  onMessage(listener: (message: HelperMessage) => void): void;
  instantiate(module: object, memory: object): Readonly<Record<string, KernelCode>>;
}

/**
 * A helper's whole life: it takes parts of one job after the other, and sleeps where there is none. To hear of
 * another module it goes back to its messages. Uses nothing from outside: it travels as text.
 */
export function runHelper(host: HelperHost, take: TakeParts): void {
  const modules: KernelCode[][] = [];
  let start: HelperStart | undefined;
  const work = ({ board, rules, thread, spins }: HelperStart): void => {
    const { words } = board;
    const at = rules.words;
    let seen = -1;
    while (Atomics.load(words, at.modules) <= modules.length) {
      const job = Atomics.load(words, at.job);
      if (job === seen) {
        for (let n = 0; n < spins && Atomics.load(words, at.job) === seen; n++);
        Atomics.wait(words, at.job, seen);
        continue;
      }
      seen = job;
      const kernels = modules[words[at.module]!];
      if (kernels !== undefined) take(board, rules, { job, kernels, thread });
    }
  };
  host.onMessage((message) => {
    if (message.kind === "start") start = message;
    if (message.kind !== "module" || start === undefined) return;
    const code = host.instantiate(message.module, start.memory);
    modules.push(message.names.map((name) => code[name]!));
    Atomics.store(start.board.words, start.rules.words.ready + start.thread, modules.length);
    work(start);
  });
}

/**
 * A helper's program as text, for a worker that is not made from a file.
 * @param listen an expression that hands every message to `listener`
 */
export function helperProgram(listen: string): string {
  return `
    const host = {
      onMessage: (listener) => { ${listen}; },
      instantiate: (module, memory) => new WebAssembly.Instance(module, { env: { memory } }).exports,
    };
    (${String(runHelper)})(host, ${String(takeParts)});`;
}
