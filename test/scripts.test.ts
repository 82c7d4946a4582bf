import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  countPlaywright,
  countReport,
  countUnittest,
  countVitest,
  findFlaky,
} from "../scripts/checks.mjs";
import { isInstalled, nodeProblem, ROOT } from "../scripts/install.mjs";
import { readPort } from "../scripts/port.mjs";
import { headersFor } from "../scripts/serve.mjs";
import { freePort, startProgram } from "./program";

describe("before anything is installed", () => {
  test.each(["v12.22.0", "v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0"])(
    "refuses %s",
    (version) => {
      expect(nodeProblem(version)).toMatch(
        /^Footfall needs Node 20\.19, .*this is v\d+\.\d+\.\d+: .*\.$/,
      );
    },
  );

  test.each(["v20.19.0", "v22.12.0", "v24.1.0", "v30.0.0"])("takes %s", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  test("packages count as installed when each has the locked version", () => {
    const wanted = {
      "": { version: "0" },
      a: { version: "1" },
      b: { version: "2", optional: true },
    };
    expect(isInstalled(wanted, { a: { version: "1" } })).toBe(true);
    expect(isInstalled(wanted, { a: { version: "2" } })).toBe(false);
    expect(isInstalled(wanted, {})).toBe(false);
  });

  test("the lock file names the programs of every platform and no registry", () => {
    const text = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    expect(text).not.toMatch(/"resolved"|registry/);
    const { packages } = JSON.parse(text) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const programs = Object.entries(packages).flatMap(([folder, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ folder, name })),
    );
    const missing = programs.filter(
      ({ folder, name }) =>
        !(`${folder}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    );
    expect(missing).toEqual([]); // npm ci refuses a lock file that leaves one out
  });

  test.each(["", "abc", "0", "-1", "65536", "41.5", "0x10"])("PORT=%s is refused", (text) => {
    expect(readPort(text, 4173)).toHaveProperty("problem");
  });

  test("PORT may be missing or a port", () => {
    expect(readPort(undefined, 4173)).toEqual({ port: 4173 });
    expect(readPort("65535", 4173)).toEqual({ port: 65535 });
  });
});

describe("npm start", () => {
  test("says in one sentence that PORT is no port", async () => {
    const { status, stderr } = await startProgram(["scripts/start.mjs"], { PORT: "http" }).ended;
    expect(status).toBe(1);
    expect(stderr).toBe('PORT must be a whole number from 1 to 65535, not "http".\n');
  });

  test.each(["127.0.0.1", "0.0.0.0"])(
    "says in one sentence that %s:port is in use",
    async (host) => {
      const port = await freePort();
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(port, host, resolve));
      const { status, stderr } = await startProgram(["scripts/start.mjs"], { PORT: String(port) })
        .ended;
      other.close();
      expect(status).toBe(1);
      expect(stderr).toMatch(/^Port \d+ is in use: [^\n]+ npm start\.\n$/);
    },
  );

  test("knows one option", async () => {
    const { status, stderr } = await startProgram(["scripts/start.mjs", "--port"]).ended;
    expect(status).toBe(1);
    expect(stderr).toBe('npm start knows the option --no-open only, not "--port".\n');
  });
});

describe("the server", () => {
  const root = mkdtempSync(join(tmpdir(), "footfall-serve-"));
  let port = 0;
  let server: ReturnType<typeof startProgram>;

  /** As a client that does not tidy up the path, unlike fetch. */
  function ask(path: string, headers = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get({ host: "127.0.0.1", port, path, headers }, (response) => {
        response.resume();
        resolve(response);
      }).once("error", reject);
    });
  }

  beforeAll(async () => {
    mkdirSync(join(root, "site", "assets"), { recursive: true });
    writeFileSync(join(root, "secret.txt"), "not for the page");
    writeFileSync(join(root, "site", ".hidden"), "not for the page");
    writeFileSync(join(root, "site", "index.html"), "<p>page");
    writeFileSync(join(root, "site", "assets", "code-1a2b.js"), "1");
    writeFileSync(join(root, "site", "assets", "code-1a2b.js.br"), brotliCompressSync("1"));
    port = await freePort();
    const folder = join(root, "site");
    server = startProgram(["scripts/serve.mjs", "--folder", folder, "--port", String(port)]);
    await server.says(`http://localhost:${port}`);
  });

  afterAll(() => {
    server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  test("isolates the page and keeps it to its own origin", async () => {
    const { statusCode, headers } = await ask("/");
    expect(statusCode).toBe(200);
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
    const policy = headers["content-security-policy"];
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|'unsafe-eval'/);
  });

  test("says so to documents and workers, not with each of their parts", () => {
    for (const running of [undefined, "document", "iframe", "worker", "sharedworker"]) {
      expect(headersFor(running)).toHaveProperty("Content-Security-Policy");
      expect(headersFor(running)).toHaveProperty("Cross-Origin-Embedder-Policy");
    }
    for (const part of ["script", "font", "empty"]) {
      expect(headersFor(part)).not.toHaveProperty("Content-Security-Policy");
      expect(headersFor(part)).toHaveProperty("Cross-Origin-Resource-Policy");
    }
  });

  test.each(["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/.hidden", "/none.js"])(
    "has nothing at %s",
    async (path) => {
      expect((await ask(path)).statusCode).toBe(404);
    },
  );

  test("ends in one sentence when the app is built anew under it", async () => {
    const folder = join(root, "rebuilt");
    mkdirSync(folder);
    writeFileSync(join(folder, "index.html"), "<p>page");
    const own = await freePort();
    const args = ["scripts/serve.mjs", "--folder", folder, "--port", String(own)];
    const other = startProgram(args);
    await other.says(`http://localhost:${own}`);
    rmSync(join(folder, "index.html"));
    get({ host: "127.0.0.1", port: own, path: "/" }).on("error", () => undefined);
    const { status, stderr } = await other.ended;
    expect(status).toBe(1);
    expect(stderr).toBe(
      "The app was built anew while it was served: run the same command again.\n",
    );
  });

  test("sends what is compressed, and lets named-by-content files be kept", async () => {
    const { headers } = await ask("/assets/code-1a2b.js", { "accept-encoding": "br" });
    expect(headers["content-encoding"]).toBe("br");
    expect(headers["cache-control"]).toContain("immutable");
    expect((await ask("/")).headers["cache-control"]).toBe("no-cache");
  });
});

describe("npm test", () => {
  test("counts a file that does not load as one failure", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: [{}] },
    ];
    const report = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 };
    expect(countVitest({ ...report, testResults })).toEqual({ passed: 1, failed: 1, skipped: 3 });
  });

  test("counts a tool that failed without a report as one failure", () => {
    const run = { ok: false, output: "no browser" };
    const none = () => ({ passed: 0, failed: 0, skipped: 0 });
    expect(countReport(run, "no/such/report.json", none)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("counts a test that passed at the second attempt as passed, and names it", () => {
    const stats = { expected: 3, flaky: 1, unexpected: 2, skipped: 4 };
    expect(countPlaywright({ stats })).toEqual({ passed: 4, failed: 2, skipped: 4 });
    const specOf = (title: string, status: string) => ({ title, tests: [{ status }] });
    const inner = { specs: [specOf("stops", "flaky"), specOf("starts", "expected")] };
    expect(
      findFlaky({ suites: [{ suites: [inner], specs: [specOf("ends", "unexpected")] }] }),
    ).toEqual(["stops"]);
  });

  test.each([
    ["Ran 7 tests in 0.1s\n\nOK\n", { passed: 7, failed: 0, skipped: 0 }],
    ["Ran 1 test in 0.1s\n\nOK (skipped=1)\n", { passed: 0, failed: 0, skipped: 1 }],
    [
      "Ran 7 tests in 1s\n\nFAILED (failures=1, errors=2, skipped=1)\n",
      { passed: 3, failed: 3, skipped: 1 },
    ],
    ["ModuleNotFoundError", { passed: 0, failed: 0, skipped: 0 }],
  ])("counts Python's %j", (output, counts) => {
    expect(countUnittest(output)).toEqual(counts);
  });

  test("refuses a check that it does not know", async () => {
    const { status, stderr } = await startProgram(["scripts/test.mjs", "units"]).ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^No check is called "units": there are types, lint, .*\n$/);
  });
});
