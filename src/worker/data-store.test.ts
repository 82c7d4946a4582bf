import { afterEach, expect, test, vi } from "vitest";
import { openDataStore } from "./data-store";
import { sweepLeftovers } from "./stored-sets";

afterEach(() => vi.unstubAllGlobals());

/** A folder of a storage in memory; `before` is awaited where a folder is made or removed. */
class Folder {
  readonly kind = "directory";
  readonly name: string;
  readonly children = new Map<string, Folder>();
  readonly before: (what: "make" | "remove", name: string) => Promise<void>;
  isGone = false;

  constructor(name: string, before: Folder["before"]) {
    this.name = name;
    this.before = before;
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    const known = this.children.get(name);
    if (!known && create) await this.before("make", name);
    if (this.isGone || (!known && !create)) throw new DOMException("gone", "NotFoundError");
    const folder = known ?? new Folder(name, this.before);
    this.children.set(name, folder);
    return folder;
  }

  getFileHandle(): Promise<never> {
    return Promise.reject(new DOMException("no file", "NotFoundError"));
  }

  async *values(): AsyncGenerator<Folder, void, void> {
    yield* Array.from(this.children.values()); // as they are now
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    await this.before("remove", name);
    const found = this.children.get(name);
    if (found && found.children.size > 0 && !recursive) {
      throw new DOMException("not empty", "InvalidModificationError");
    }
    if (found) found.isGone = true;
    this.children.delete(name);
  }
}

/** A browser's storage and locks, where something happens once at a given moment. */
function stubBrowser(
  what: "make" | "remove",
  name: string | RegExp,
): { act?: () => Promise<void> } {
  const moment: { act?: () => Promise<void> } = {};
  const held = new Set<string>();
  const root = new Folder("", async (now, which) => {
    const { act } = moment;
    if (act === undefined || now !== what || !which.match(name)) return;
    delete moment.act;
    await act();
  });
  type Hold = (lock: object | null) => Promise<unknown>;
  const request = async (lock: string, ...rest: [Hold] | [object, Hold]): Promise<void> => {
    const hold = rest.at(-1) as Hold;
    if (held.has(lock)) return void (await hold(null));
    held.add(lock);
    await hold({});
    held.delete(lock);
  };
  const storage = { getDirectory: () => Promise.resolve(root) };
  vi.stubGlobal("navigator", { storage, locks: { request } });
  return moment;
}

/** Names of what an import has, from the storage's root on. */
async function listRuns(id: string): Promise<string[]> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("footfall-data");
  const set = (await root.getDirectoryHandle(id)) as unknown as Folder;
  return [...set.children.keys()];
}

test("an import may begin while leftovers are swept, before and after its folder is looked at", async () => {
  const moment = stubBrowser("make", /^\d+-/);
  moment.act = sweepLeftovers; // another tab opens: the folder of the data set is there, and empty
  await openDataStore().create("ours");
  expect(await listRuns("ours")).toHaveLength(1);

  const other = stubBrowser("remove", "ours");
  const root = await navigator.storage.getDirectory();
  await (
    await root.getDirectoryHandle("footfall-data", { create: true })
  ).getDirectoryHandle("ours", {
    create: true,
  });
  other.act = async () => void (await openDataStore().create("ours"));
  await sweepLeftovers();
  expect(await listRuns("ours")).toHaveLength(1);
});
