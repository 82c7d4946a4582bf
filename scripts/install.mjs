// Installs the packages of package-lock.json when they are missing or are not the ones it names.
// Only Node's own modules here: this runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Ends the process with one sentence.
 * @param {string} sentence
 * @returns {never}
 */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/**
 * Why this Node cannot run Footfall, in one sentence; undefined when it can. Vite 8 draws the line.
 * @param {string} version as process.version says it, like "v20.19.0"
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const isNewEnough = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (isNewEnough) return undefined;
  return `Footfall needs Node 20.19, 22.12 or newer, this is ${version}: install a newer one, then run the same command again.`;
}

/** Ends the process with one sentence when Node is too old. */
export function checkNode() {
  const problem = nodeProblem(process.version);
  if (problem !== undefined) fail(problem);
}

/** @typedef {Record<string, { version?: string, optional?: boolean }>} LockedPackages by folder */

/**
 * Whether each package that the lock file names is there in that version; optional ones (the programs
 * of other platforms) may be absent.
 * @param {LockedPackages} wanted "packages" of package-lock.json
 * @param {LockedPackages} present "packages" of node_modules/.package-lock.json
 */
export function isInstalled(wanted, present) {
  return Object.entries(wanted).every(
    ([folder, entry]) =>
      folder === "" || entry.optional === true || present[folder]?.version === entry.version,
  );
}

/**
 * @param {string} path
 * @returns {LockedPackages}
 */
function lockedPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** Runs npm ci when it has to; ends the process with one sentence when that fails. */
export function installPackages() {
  const present = join(ROOT, "node_modules", ".package-lock.json");
  const lock = join(ROOT, "package-lock.json");
  if (existsSync(present) && isInstalled(lockedPackages(lock), lockedPackages(present))) return;
  process.stderr.write("Installing the packages (once) ...\n");
  const run = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32", // npm is a .cmd file there
  });
  if (run.status !== 0) {
    fail(
      "npm ci could not install the packages: connect to the network once, then run the same command again.",
    );
  }
}
