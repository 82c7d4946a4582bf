import { expect, test } from "@playwright/test";
import { freePort, startProgram } from "../test/program";

const offline = { NODE_OPTIONS: "--import ./e2e/no-network.mjs", npm_config_offline: "true" };

test("npm start serves the app without a network once the packages are there", async () => {
  const reach = 'fetch("http://192.0.2.1").catch((e) => console.log(e.cause.message))';
  const control = await startProgram(["-e", reach], offline).ended;
  expect(control.stdout).toContain("the network is off");

  const port = await freePort();
  const env = { ...offline, PORT: String(port) };
  const server = startProgram(["scripts/start.mjs", "--no-open"], env);
  try {
    await server.says(`Footfall runs at http://localhost:${port}`);
    const page = await fetch(`http://localhost:${port}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(await page.text()).toContain("<title>Footfall");
  } finally {
    server.stop();
    await server.ended;
  }
});
