import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../scripts/install.mjs";

/** Lower first; layers in one row do not know each other. */
const LAYERS = [
  ["geo"],
  ["data"],
  ["truth", "world", "token"],
  ["gpu"],
  ["model"],
  ["train"],
  ["task"],
  ["papers"],
  ["job"],
];
const OUTSIDE = ["worker", "notebook", "view", "app", "cli"];
const CORE = LAYERS.flat();

function rank(layer: string): number {
  return LAYERS.findIndex((row) => row.includes(layer));
}

/** A made-up file, and the rules (or compiler errors) that must speak about it: none for a good one. */
interface Case {
  path: string;
  text: string;
  lint?: string[];
  types?: string[];
}

function importing(path: string, target: string, isAllowed: boolean): Case {
  const text = `import { made } from "${target}";\nexport const again = made;\n`;
  return { path, text, lint: isAllowed ? [] : ["eslint(no-restricted-imports)"] };
}

const coreImports = CORE.flatMap((from) => [
  ...CORE.filter((to) => to !== from).map((to) =>
    importing(`src/core/${from}/uses-${to}.ts`, `../${to}/made`, rank(to) < rank(from)),
  ),
  ...OUTSIDE.map((to) => importing(`src/core/${from}/uses-${to}.ts`, `../../${to}/made`, false)),
  importing(`src/core/${from}/uses-jobs.ts`, "../jobs", false),
  importing(`src/core/${from}/uses-errors.ts`, "../errors", true),
  importing(`src/core/${from}/deep/uses-react.ts`, "react", false),
  importing(`src/core/${from}/uses-node.ts`, "node:fs", false),
]);

const outsideImports = [
  importing("src/worker/uses-notebook.ts", "../notebook/made", false),
  importing("src/worker/uses-jobs.ts", "../core/jobs", true),
  importing("src/notebook/uses-view.ts", "../view/made", false),
  importing("src/notebook/uses-react.ts", "react", false),
  importing("src/notebook/uses-worker.ts", "../worker/made", true),
  importing("src/view/uses-worker.ts", "../worker/made", false),
  importing("src/view/map/uses-model.ts", "../../core/model/made", false),
  importing("src/view/map/uses-app.ts", "../../app/made", false),
  importing("src/view/map/uses-geo.ts", "../../core/geo/made", true),
  importing("src/cli/uses-worker.ts", "../worker/made", false),
  importing("src/cli/uses-jobs.ts", "../core/jobs", true),
];

const habits: Case[] = [
  {
    path: "src/core/geo/page.ts",
    text: "export const title = document.title;\n",
    lint: ["eslint(no-restricted-globals)"],
    types: ["TS2584"],
  },
  {
    path: "src/core/data/net.ts",
    text: 'export const load = () => fetch("x");\n',
    lint: ["eslint(no-restricted-globals)"],
  },
  {
    path: "src/core/data/upward.ts",
    text: 'import { made } from "../../worker/made";\nexport const again = made;\n',
    lint: ["eslint(no-restricted-imports)"],
    types: ["TS6307"],
  },
  {
    path: "src/core/gpu/blocking.ts",
    text: "export const read = (t: { dataSync(): number[] }) => t.dataSync();\n",
    lint: ["eslint(no-restricted-properties)"],
  },
  {
    path: "src/core/gpu/floating.ts",
    text: "async function work() {}\nexport function start() {\n  work();\n}\n",
    lint: ["typescript(no-floating-promises)"],
  },
  {
    path: "src/view/chance.ts",
    text: "export const roll = () => Math.random();\n",
    lint: ["eslint(no-restricted-properties)"],
  },
  {
    path: "src/core/world/inexact.ts",
    text: "export const wave = (x: number) => Math.sin(x);\n",
    lint: ["eslint(no-restricted-properties)"],
  },
  {
    path: "src/core/task/anything.ts",
    text: "export const loose = (x: any) => x;\n",
    lint: ["typescript(no-explicit-any)"],
  },
  {
    path: "src/core/geo/good.ts",
    text: "export const twice = (x: number) => Math.sin(2 * x);\n",
    lint: [],
    types: [],
  },
];

const targets = [
  ...CORE.map((layer) => `src/core/${layer}/made.ts`),
  ...OUTSIDE.map((layer) => `src/${layer}/made.ts`),
  "src/core/jobs.ts",
  "src/core/errors.ts",
].map((path) => ({ path, text: "export const made = 1;\n" }));

let folder = "";
const lintFound = new Map<string, string[]>();
let compilerSaid = "";

/** Programs that report faults end with status 1 and still write what they found. */
async function output(tool: string, args: string[]): Promise<string> {
  const path = join(ROOT, "node_modules", tool);
  const run = promisify(execFile)(process.execPath, [path, ...args], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return stdout;
}

function write({ path, text }: { path: string; text: string }): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "footfall-layers-"));
  for (const name of [".oxlintrc.json", "tsconfig.base.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), join(folder, name));
  }
  for (const layer of ["core", ...OUTSIDE]) {
    const path = join("src", layer, "tsconfig.json");
    cpSync(join(ROOT, path), join(folder, path));
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  [...coreImports, ...outsideImports, ...habits, ...targets].forEach(write);
  const report = JSON.parse(await output("oxlint/bin/oxlint", ["--type-aware", "-f", "json"])) as {
    diagnostics: { filename: string; code: string }[];
  };
  for (const { filename, code } of report.diagnostics) {
    lintFound.set(filename, [...(lintFound.get(filename) ?? []), code]);
  }
  compilerSaid = await output("typescript/bin/tsc", ["-b", "src/core"]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the rules know every folder of the core", () => {
  const folders = readdirSync(join(ROOT, "src/core"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  expect(CORE).toEqual(expect.arrayContaining(folders));
});

const said = ({ path }: Case) => [path, lintFound.get(path) ?? []];
const expected = ({ path, lint }: Case) => [path, lint];

test.each(CORE)("%s may import what lies below it and nothing else", (layer) => {
  const cases = coreImports.filter(({ path }) => path.startsWith(`src/core/${layer}/`));
  expect(cases.map(said)).toEqual(cases.map(expected));
});

test.each(["worker", "notebook", "view", "cli"])("%s keeps to its side", (layer) => {
  const cases = outsideImports.filter(({ path }) => path.startsWith(`src/${layer}/`));
  expect(cases.map(said)).toEqual(cases.map(expected));
});

test.each(habits)("lint says $lint about $path", (made) => {
  expect(said(made)).toEqual(expected(made));
});

test.each(habits.filter(({ types }) => types !== undefined))(
  "the compiler says $types about $path",
  ({ path, types }) => {
    const about = compilerSaid.split("\n").filter((line) => line.startsWith(path));
    expect(about.map((line) => /TS\d+/.exec(line)?.[0])).toEqual(types);
  },
);
