import type { NamedFile } from "../core/job/session";
import { GPT_TYPE } from "../core/model/gpt/config";

/** True where config.json is that of a GPT on points; what is wrong with it otherwise is said when it is read. */
export async function holdsPointModel(files: readonly NamedFile[]): Promise<boolean> {
  const config = files.find(({ path }) => /(^|\/)config\.json$/.test(path));
  if (config === undefined) return false;
  try {
    const json = JSON.parse(await config.blob.text()) as { model_type?: unknown } | null;
    return json?.model_type === GPT_TYPE;
  } catch {
    return false;
  }
}
