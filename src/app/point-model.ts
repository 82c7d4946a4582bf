import type { NamedFile } from "../core/job/session";
import { GPT_TYPE } from "../core/model/gpt/config";

/** config.json of a model folder; nothing where there is none: what is wrong with it is said when it is read. */
export async function readConfig(files: readonly NamedFile[]): Promise<Record<string, unknown>> {
  const config = files.find(({ path }) => /(^|\/)config\.json$/.test(path));
  try {
    return { ...(JSON.parse((await config?.blob.text()) ?? "{}") as object | null) };
  } catch {
    return {};
  }
}

/** True where config.json is that of a GPT on points. */
export async function holdsPointModel(files: readonly NamedFile[]): Promise<boolean> {
  return (await readConfig(files))["model_type"] === GPT_TYPE;
}
