import { version_core } from "@tensorflow/tfjs-core";

/** What computed a result: the version of this program (that of package.json) and of the engine under it. */
export const VERSIONS = { footfall: "0.1.0", tfjs: version_core } as const;
