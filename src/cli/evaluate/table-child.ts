/** A process that fills tables for `footfall evaluate --jobs`: it does what it is sent and ends with its parent. */
import { toFootfallError } from "../../core/errors";
import type { CommandInput, CommandOutcome } from "../command";
import { CHILD_MARK, openLocalWorker, type ChildWords } from "./table-crew";
import { readTablePlan } from "./table-stand";
import type { TableWork } from "./table-work";

/** True in a process that another `footfall evaluate` started. */
export const isTableChild = (): boolean =>
  process.env[CHILD_MARK] !== undefined && process.send !== undefined;

const say = (words: ChildWords): void => {
  if (process.connected) process.send?.(words);
};

const sayFailure = (thrown: unknown): void => {
  const { code, message } = toFootfallError(thrown, "worker-failed");
  say({ kind: "failed", code, message });
};

/** Works until the parent lets go, by wish or by dying. */
export async function serveTables({ values, note, signal }: CommandInput): Promise<CommandOutcome> {
  const orphaned = new AbortController();
  const gone = new Promise<void>((resolve) => {
    process.once("disconnect", () => {
      orphaned.abort();
      resolve();
    });
  });
  const either = AbortSignal.any([signal, orphaned.signal]);
  const plan = await readTablePlan(values);
  const worker = await openLocalWorker(plan, { values, note, signal: either });
  let doing = Promise.resolve();
  process.on("message", (work: TableWork) => {
    const done = worker.work(work, (news) => say({ kind: "news", news }));
    doing = done.then(() => say({ kind: "done" }), sayFailure);
  });
  say({ kind: "ready", engine: worker.engine });
  await gone;
  await doing; // it was told to stop
  worker.dispose();
  return { document: {}, lines: [] };
}
