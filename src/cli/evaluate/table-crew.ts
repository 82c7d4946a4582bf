/** Who fills tables: this process, or some that it starts. */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { FootfallError, throwIfStopped, type ErrorCode } from "../../core/errors";
import type { CommandInput } from "../command";
import { openNodeEngine, readEnginePlan } from "../engine";
import { ROOT } from "../root";
import { openTableStand, type TablePlan } from "./table-stand";
import { doTableWork, type TableNews, type TableWork, type Tell } from "./table-work";

/** One who does a piece after another. */
export interface TableWorker {
  /** The engine in words. */
  readonly engine: string;
  /** Throws what the piece throws, and "worker-failed" where a process died. */
  work(work: TableWork, tell: Tell): Promise<void>;
  dispose(): void;
}

/** What a process that fills tables says. */
export type ChildWords =
  | { readonly kind: "ready"; readonly engine: string }
  | { readonly kind: "news"; readonly news: TableNews }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/** Set in a process that fills tables for another. */
export const CHILD_MARK = "FOOTFALL_TABLES_CHILD";

/** This process as the one worker. Throws "no-gpu". */
export async function openLocalWorker(
  plan: TablePlan,
  { values, note, signal }: Pick<CommandInput, "values" | "note" | "signal">,
): Promise<TableWorker> {
  const engine = await openNodeEngine(readEnginePlan(values));
  if (engine.reason !== undefined) note(engine.reason);
  const stand = openTableStand(plan, engine, signal);
  return {
    engine: `${engine.kind} (${engine.description})`,
    work: (work, tell) => doTableWork(work, stand, tell, signal),
    dispose: () => engine.dispose(),
  };
}

/** What only the process that merges needs. */
const NOT_PASSED = new Set(["jobs", "into", "json"]);

/** The command's options again, with one thread for each process unless more are asked for. */
function childArgs(values: CommandInput["values"]): string[] {
  const given = Object.entries({ threads: "1", ...values }).filter(
    ([name]) => !NOT_PASSED.has(name),
  );
  return given.flatMap(([name, value]) => {
    if (typeof value === "string") return [`--${name}=${value}`];
    return value === true ? [`--${name}`] : [];
  });
}

/** A process of its own that fills tables; it ends with this one. */
class ChildWorker implements TableWorker {
  readonly #child: ChildProcess;
  #heard: (words: ChildWords) => void = () => {};
  #failed: (error: FootfallError) => void = () => {};
  #gone: FootfallError | undefined;
  #lastWords = "";
  engine = "";

  constructor(values: CommandInput["values"]) {
    const path = join(ROOT, "src", "cli", "footfall.mjs");
    this.#child = fork(path, ["evaluate", ...childArgs(values)], {
      env: { ...process.env, [CHILD_MARK]: "1" },
      execArgv: [], // not those of a test runner or a debugger
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.on("data", (text: Buffer) => {
      this.#lastWords = `${this.#lastWords}${String(text)}`.slice(-500);
    });
    this.#child.on("message", (words: ChildWords) => this.#heard(words));
    this.#child.once("exit", (code, signal) => this.#end(`ended with ${signal ?? code}`));
    this.#child.once("error", ({ message }) => this.#end(message));
  }

  #end(how: string): void {
    const last = this.#lastWords.trim().split("\n").at(-1);
    const sentence = `a process that fills tables ${how}${last ? `: ${last}` : ""}; give the same command once more, it goes on where it stood`;
    this.#gone = new FootfallError("worker-failed", sentence);
    this.#failed(this.#gone);
  }

  /** Listens until the child has said something that ends the wait. */
  #listen(isEnd: (words: ChildWords) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#gone);
      this.#failed = reject;
      this.#heard = (words) => {
        if (words.kind === "failed") reject(new FootfallError(words.code, words.message));
        else if (isEnd(words)) resolve();
      };
    });
  }

  /** True as long as it can be given work. */
  get isAlive(): boolean {
    return this.#gone === undefined;
  }

  open(): Promise<void> {
    return this.#listen((words) => {
      if (words.kind === "ready") this.engine = words.engine;
      return words.kind === "ready";
    });
  }

  work(work: TableWork, tell: Tell): Promise<void> {
    const done = this.#listen((words) => {
      if (words.kind === "news") tell(words.news);
      return words.kind === "done";
    });
    if (this.isAlive) this.#child.send(work);
    return done;
  }

  dispose(): void {
    if (this.#child.connected) this.#child.disconnect(); // it stops what it does and ends
  }
}

/**
 * A worker in a process of its own, which is started again where it died. Stops with the signal. Throws what the
 * command throws there.
 */
export async function openChildWorker({
  values,
  signal,
}: Pick<CommandInput, "values" | "signal">): Promise<TableWorker> {
  throwIfStopped(signal);
  let child = new ChildWorker(values);
  const stop = (): void => child.dispose();
  signal.addEventListener("abort", stop);
  await child.open();
  return {
    engine: child.engine,
    work: async (work, tell) => {
      throwIfStopped(signal);
      if (!child.isAlive) {
        child = new ChildWorker(values);
        await child.open();
      }
      return child.work(work, tell);
    },
    dispose: () => {
      signal.removeEventListener("abort", stop);
      child.dispose();
    },
  };
}
