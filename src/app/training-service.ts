import type { TrainingService } from "../view/page-context";

/** What the step that trains asks of the page; the code comes with the first call. */
export const trainingService: TrainingService = {
  async list() {
    return (await import("../worker/stored-runs")).listRuns();
  },
  async listSweeps() {
    return (await import("../worker/stored-runs")).listSweeps();
  },
  async remove(run) {
    await (await import("../worker/stored-runs")).removeRun(run);
  },
  async download(run) {
    const [{ zipModel }, { saveFile }] = await Promise.all([
      import("./zip-set"),
      import("../view/save-file"),
    ]);
    saveFile(`footfall-model-${run}.zip`, await zipModel(run));
  },
  async saveZip(name, files) {
    const [{ zipFiles }, { saveFile }] = await Promise.all([
      import("./zip-set"),
      import("../view/save-file"),
    ]);
    saveFile(name, await zipFiles(files));
  },
  async readModel(picked) {
    return (await import("./read-model")).readModel(picked);
  },
  change(run, change) {
    void import("../worker/training-channel").then(({ changeTraining }) =>
      changeTraining(run, change),
    );
  },
};
