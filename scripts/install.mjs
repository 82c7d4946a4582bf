// Installs the packages of package-lock.json when they are missing or older than the lock file.
// Only Node's own modules here: this runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");

/** Ends the process with one sentence. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

export function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) {
    fail(
      `Footfall needs Node 20 or newer, this is ${process.version}: install a newer one from your package manager.`,
    );
  }
}

export function installPackages() {
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  const lock = join(ROOT, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write("Installing the packages (once) ...\n");
  const run = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    fail(
      "npm ci could not install the packages: connect to the network once, then run the same command again.",
    );
  }
}
