// What npm test runs, what of it at once, and how each tool's own report is counted.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT } from "./install.mjs";
import { pythonWithTorch } from "./python.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {Counts & { output: string, note?: string }} Outcome output is shown when something failed */
/** @typedef {{ name: string, needsBrowser: boolean, run: () => Promise<Outcome>}} Check */

const REPORTS = join(ROOT, "build", "reports");
const LIMIT_MS = 30 * 60_000; // a check that hangs must end with its name, not with the CI's patience
const bin = {
  tsc: "typescript/bin/tsc",
  oxlint: "oxlint/bin/oxlint",
  prettier: "prettier/bin/prettier.cjs",
  knip: "knip/bin/knip.js",
  vitest: "vitest/vitest.mjs",
  playwright: "@playwright/test/cli.js",
};

/**
 * Runs a program to its end and keeps all that it writes.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function runProgram(command, args) {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
    const child = spawn(command, args, { cwd: ROOT, env, timeout: LIMIT_MS });
    let output = "";
    const keep = (/** @type {Buffer} */ bytes) => void (output += bytes.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.once("close", (status, signal) => {
      const late =
        signal === null ? "" : `ended by ${signal}, the limit is ${LIMIT_MS / 60_000} min\n`;
      resolve({ ok: status === 0, output: output + late });
    });
  });
}

/**
 * @param {keyof typeof bin} tool
 * @param {string[]} args
 */
function runTool(tool, args) {
  return runProgram(process.execPath, [join(ROOT, "node_modules", bin[tool]), ...args]);
}

/**
 * A tool that either passes or fails as a whole.
 * @param {string} name
 * @param {keyof typeof bin} tool
 * @param {string[]} args
 * @returns {Check}
 */
function wholeCheck(name, tool, args) {
  return {
    name,
    needsBrowser: false,
    run: async () => {
      const { ok, output } = await runTool(tool, args);
      return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output };
    },
  };
}

/**
 * Counts of a report; a tool that failed with no failed test in its report still counts as one failure.
 * @param {{ ok: boolean, output: string }} run
 * @param {string} path where the tool wrote its JSON
 * @param {(report: any) => Counts} count
 * @returns {Outcome}
 */
export function countReport(run, path, count) {
  const counts = existsSync(path)
    ? count(JSON.parse(readFileSync(path, "utf8")))
    : { passed: 0, failed: 0, skipped: 0 };
  const failed = run.ok ? counts.failed : Math.max(1, counts.failed);
  return { ...counts, failed, output: run.output };
}

/**
 * A file that cannot even be loaded has no tests in the report: it counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[] }} report of vitest --reporter=json
 * @returns {Counts}
 */
export function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} report of Playwright
 * @returns {Counts}
 */
export function countPlaywright({ stats }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  };
}

/**
 * Names of the flows that passed at their second attempt only.
 * @param {{ suites?: any[], specs?: any[], title?: string }} suite of Playwright's report, or the report itself
 * @returns {string[]}
 */
export function findFlaky({ suites = [], specs = [] }) {
  const own = specs.filter(({ tests }) =>
    tests.some((/** @type {any} */ one) => one.status === "flaky"),
  );
  return [...own.map(({ title }) => title), ...suites.flatMap(findFlaky)];
}

/**
 * @param {string} output of python -m unittest, which ends in "Ran 7 tests ... FAILED (failures=1, skipped=2)"
 * @returns {Counts}
 */
export function countUnittest(output) {
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const number = (/** @type {string} */ word) =>
    Number(new RegExp(`\\b${word}=(\\d+)`).exec(last)?.[1] ?? 0);
  const failed = number("failures") + number("errors") + number("unexpected successes");
  const skipped = number("skipped");
  return { passed: Math.max(0, ran - failed - skipped), failed, skipped };
}

/**
 * @param {string} project of vitest.config.ts
 * @param {string[]} more arguments
 * @returns {Check}
 */
function vitestCheck(project, more = []) {
  return {
    name: project,
    needsBrowser: true, // unit tests draw nothing, but start programs that do
    run: async () => {
      const path = join(REPORTS, `${project}.json`);
      rmSync(path, { force: true });
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${path}`];
      const run = await runTool("vitest", ["run", "--project", project, ...reporters, ...more]);
      return countReport(run, path, countVitest);
    },
  };
}

/** @returns {Check} */
function playwrightCheck() {
  return {
    name: "e2e",
    needsBrowser: true,
    run: async () => {
      const path = join(ROOT, "test-results", "playwright.json");
      rmSync(path, { force: true });
      const outcome = countReport(await runTool("playwright", ["test"]), path, countPlaywright);
      const flaky = existsSync(path) ? findFlaky(JSON.parse(readFileSync(path, "utf8"))) : [];
      if (flaky.length === 0) return outcome;
      return { ...outcome, note: `at the second attempt only: ${flaky.join("; ")}` };
    },
  };
}

function countPythonTests() {
  const files = readdirSync(join(ROOT, "scale")).filter((name) => /^test_.*\.py$/.test(name));
  const texts = files.map((name) => readFileSync(join(ROOT, "scale", name), "utf8"));
  return texts.join("\n").match(/^\s+def test_/gm)?.length ?? 0;
}

/** @returns {Promise<Outcome>} */
async function runPython() {
  const python = pythonWithTorch();
  if (python === undefined) {
    const note = "no python3 with PyTorch here; on Debian: apt-get install python3-torch";
    return { passed: 0, failed: 0, skipped: countPythonTests(), output: "", note };
  }
  const args = ["-m", "unittest", "discover", "-s", "scale", "-p", "test_*.py"];
  const { ok, output } = await runProgram(python, args);
  const counts = countUnittest(output);
  return { ...counts, failed: ok ? counts.failed : Math.max(1, counts.failed), output };
}

/** @returns {Promise<Outcome>} */
async function runBuild() {
  const { ok, output } = await runProgram(process.execPath, ["scripts/build.mjs", "--test"]);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output };
}

/** With as many cores as this, checks share them; with fewer they would only wait for one another. */
const SHARED_FROM = 4;
export const SHARES_CORES = availableParallelism() >= SHARED_FROM;

/** Beside the browser flows the unit tests take half of the cores, and Playwright takes the other. */
const unit = SHARES_CORES ? ["--maxWorkers=50%"] : [];

/**
 * Everything that npm test can run: stages, one after the other, of lanes that run at once where there are
 * cores for it, of checks one after the other. The flows need what the first stage builds.
 * @type {Check[][][]}
 */
export const STAGES = [
  [
    [
      wholeCheck("types", "tsc", ["-b"]),
      wholeCheck("lint", "oxlint", ["--type-aware", "--deny-warnings"]),
    ],
    [wholeCheck("format", "prettier", ["--check", "."])],
    [wholeCheck("exports", "knip", ["--no-progress"])],
    [{ name: "build", needsBrowser: false, run: runBuild }],
  ],
  [
    [
      vitestCheck("unit", unit),
      vitestCheck("gpu-node"),
      vitestCheck("gpu-browser"),
      { name: "python", needsBrowser: false, run: runPython },
    ],
    [playwrightCheck()],
  ],
];
