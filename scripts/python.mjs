import { spawnSync } from "node:child_process";

/** The first Python that has PyTorch; Debian's own comes first, where python3-torch lives. */
export function pythonWithTorch() {
  return ["/usr/bin/python3", "python3"].find(
    (python) => spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0,
  );
}
