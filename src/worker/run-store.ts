import type { RunStore } from "../core/job/run-store";
import { isFull, isMissing, noSpace, openFolder } from "./opfs";
import { listRunFiles, openRunFolder, TRAINING_LOCK } from "./stored-runs";
import { hasStorage } from "./stored-sets";
import { openControls } from "./training-channel";

async function findFile(run: string, path: string, create: boolean): Promise<FileSystemFileHandle> {
  const parts = path.split("/");
  const name = parts.pop()!;
  const folder = await openFolder(await openRunFolder(run), parts);
  return folder.getFileHandle(name, { create });
}

/** Through a file that takes the old one's place when it is closed: a tab that is killed leaves the old one. */
async function writeWhole(run: string, path: string, bytes: Uint8Array): Promise<void> {
  const writable = await (await findFile(run, path, true)).createWritable();
  await writable.write(bytes as Uint8Array<ArrayBuffer>);
  await writable.close();
}

/** Resolves with what lets the lock go, or undefined where another holds it. */
function tryLock(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock !== null) return new Promise<void>((letGo) => resolve(letGo));
      resolve(undefined);
      return undefined;
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(reject);
  });
}

const begin = (): Promise<(() => void) | undefined> => tryLock(TRAINING_LOCK);

/** Runs in the browser's own storage. */
const opfsRuns: RunStore = {
  isLasting: () => Promise.resolve(true),
  begin,
  openControls,
  async read(run, path) {
    const found = (await listRunFiles(run)).find((file) => file.path === path);
    return found && new Uint8Array(await found.blob.arrayBuffer());
  },
  async write(run, path, bytes) {
    try {
      await writeWhole(run, path, bytes);
    } catch (thrown) {
      throw isFull(thrown) ? await noSpace(path, bytes.length, thrown, "") : thrown;
    }
  },
  list: async (run) => (await listRunFiles(run)).map(({ path }) => path),
  async remove(run, path) {
    await (await openRunFolder(run)).removeEntry(path).catch((thrown: unknown) => {
      if (!isMissing(thrown)) throw thrown;
    });
  },
};

/** Runs in this worker's memory, where the browser offers no storage. */
function createMemoryRuns(): RunStore {
  const runs = new Map<string, Map<string, Uint8Array>>();
  return {
    isLasting: () => Promise.resolve(false),
    begin,
    openControls,
    read: (run, path) => Promise.resolve(runs.get(run)?.get(path)),
    write(run, path, bytes) {
      const files = runs.get(run) ?? new Map<string, Uint8Array>();
      runs.set(run, files.set(path, bytes));
      return Promise.resolve();
    },
    list: (run) => Promise.resolve([...(runs.get(run)?.keys() ?? [])]),
    remove: (run, path) => Promise.resolve(void runs.get(run)?.delete(path)),
  };
}

const memoryRuns = createMemoryRuns();

/** Where this browser keeps training runs: its own storage, or memory alone where it offers none. */
export const openRunStore = async (): Promise<RunStore> =>
  (await hasStorage()) ? opfsRuns : memoryRuns;
