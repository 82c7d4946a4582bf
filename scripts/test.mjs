// npm test: installs what is missing, runs every check, ends in one plain line. npm test -- unit types: only those.
import { checkNode, fail, installPackages } from "./install.mjs";

checkNode();
installPackages();
const { STAGES, SHARES_CORES } = await import("./checks.mjs");
const { findBrowser } = await import("./browser.mjs");

/**
 * The stages with the checks of these names alone, all of them without any name.
 * @param {string[]} names
 */
function chooseChecks(names) {
  const known = STAGES.flat(2).map((check) => check.name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    fail(`No check is called "${stranger}": there are ${known.join(", ")}.`);
  const isWanted = (/** @type {import("./checks.mjs").Check} */ { name }) =>
    names.length === 0 || names.includes(name);
  return STAGES.map((lanes) => lanes.map((lane) => lane.filter(isWanted)));
}

/** Chromium for the tests that draw, its software Vulkan driver for Dawn in Node. */
async function prepareBrowser() {
  const { path, driver } = await findBrowser();
  process.env["CHROMIUM_PATH"] = path;
  if (driver !== undefined) process.env["VK_ICD_FILENAMES"] ??= driver;
}

/** @param {import("./checks.mjs").Counts} counts */
function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @param {import("./checks.mjs").Check} check */
async function runCheck(check) {
  const start = performance.now();
  process.stdout.write(`${check.name} ...\n`);
  const outcome = await check.run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const note = outcome.note === undefined ? "" : `: ${outcome.note}`;
  process.stdout.write(`${check.name}: ${describeCounts(outcome)} (${seconds} s)${note}\n`);
  if (outcome.failed > 0) process.stdout.write(`${outcome.output.trimEnd()}\n\n`);
  return outcome;
}

/** @param {import("./checks.mjs").Check[]} lane */
async function runLane(lane) {
  for (const check of lane) {
    const { passed, failed, skipped } = await runCheck(check);
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
}

const stages = chooseChecks(process.argv.slice(2));
if (stages.flat(2).some((check) => check.needsBrowser)) await prepareBrowser();
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const lanes of stages) {
  if (SHARES_CORES) await Promise.all(lanes.map(runLane));
  else await runLane(lanes.flat());
}
process.stdout.write(`${describeCounts(sum)}\n`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
