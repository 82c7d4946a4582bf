import type { KeptTable, TableShelf } from "../view/page-context";

/** Where tables lie. */
export interface StoredTables {
  listTables(): Promise<KeptTable[]>;
  writeTable(table: KeptTable): Promise<void>;
  removeTable(name: string): Promise<void>;
}

/** Until what could not be written is tried again: somebody may have made room. */
const AGAIN_MS = 3000;

/**
 * A shelf that writes one table after the other; of several of one name that wait the last counts. What cannot be
 * written waits on and is tried again, so that nothing is lost as long as the page is open.
 * @param open its code comes with the first call
 */
export function createTableShelf(open: () => Promise<StoredTables>): TableShelf {
  const waiting = new Map<string, KeptTable>();
  const watchers = new Set<() => void>();
  const tellAll = (): void => watchers.forEach((tell) => tell());
  let writing: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const writeNext = async (name: string, table: KeptTable): Promise<void> => {
    waiting.delete(name);
    try {
      await (await open()).writeTable(table);
    } catch (thrown) {
      if (!waiting.has(name)) waiting.set(name, table); // else a newer one has come
      throw thrown;
    }
    tellAll();
  };
  const writeAll = async (): Promise<void> => {
    try {
      for (let [next] = waiting; next !== undefined; [next] = waiting) await writeNext(...next);
    } catch (thrown) {
      timer = setTimeout(() => void start().catch(() => undefined), AGAIN_MS);
      throw thrown;
    } finally {
      writing = undefined; // in the same breath as the last look: what comes after it starts anew
    }
  };
  const start = (): Promise<void> => {
    clearTimeout(timer);
    return (writing ??= writeAll());
  };
  return {
    list: async () => (await open()).listTables(),
    write(table) {
      waiting.set(table.name, table);
      return start();
    },
    async remove(name) {
      waiting.delete(name);
      await (await open()).removeTable(name);
      tellAll();
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}

/** Tables in the browser's own storage. */
export const tableShelf = createTableShelf(() => import("../worker/stored-tables"));
