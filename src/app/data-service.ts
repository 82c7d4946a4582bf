import type { DataService } from "../view/page-context";

/** What steps with imported data ask of the page; the code comes with the first call. */
export const dataService: DataService = {
  async download(id, name) {
    const [{ zipSet }, { saveFile, stemOf }] = await Promise.all([
      import("./zip-set"),
      import("../view/save-file"),
    ]);
    saveFile(`${stemOf(name)}.zip`, await zipSet(id));
  },
  async setNotify(isWanted) {
    return (await import("./notices")).setNotify(isWanted);
  },
};
