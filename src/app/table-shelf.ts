import type { KeptTable, TableShelf } from "../view/page-context";

const stored = () => import("../worker/stored-tables");

/** Tables that wait to be written; of several of one name the last counts. */
const waiting = new Map<string, KeptTable>();
let writing: Promise<void> | undefined;
const watchers = new Set<() => void>();
const tellAll = (): void => watchers.forEach((tell) => tell());

async function writeAll(): Promise<void> {
  const { writeTable } = await stored();
  for (let [next] = waiting; next !== undefined; [next] = waiting) {
    const [name, table] = next;
    waiting.delete(name);
    await writeTable(table);
    tellAll();
  }
}

/** Tables in the browser's own storage; the code comes with the first call. */
export const tableShelf: TableShelf = {
  async list() {
    return (await stored()).listTables();
  },
  write(table) {
    waiting.set(table.name, table);
    writing ??= writeAll().finally(() => (writing = undefined));
    return writing;
  },
  async remove(name) {
    waiting.delete(name);
    await (await stored()).removeTable(name);
    tellAll();
  },
  watch(onChange) {
    watchers.add(onChange);
    return () => watchers.delete(onChange);
  },
};
