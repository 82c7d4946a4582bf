import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright";
import type { Browser, LaunchOptions } from "playwright";
import { FootfallError } from "../../core/errors";
import { ROOT } from "../root";

/** The flags of the tests, and the browser that they use; from scripts/, which the bundle cannot hold. */
interface Scripts {
  CHROMIUM_LAUNCH: { args: string[] };
  findBrowser: () => Promise<{ path: string; driver: string | undefined }>;
}

async function loadScripts(): Promise<Scripts> {
  const load = (name: string) => import(pathToFileURL(join(ROOT, "scripts", name)).href);
  const [flags, browser] = await Promise.all([load("chromium.mjs"), load("browser.mjs")]);
  return { ...(flags as Scripts), ...(browser as Scripts) };
}

/** Flags with which Chromium uses the machine's own graphics card instead of the software adapter. */
const HARDWARE_ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--ignore-gpu-blocklist",
  "--use-angle=vulkan",
  "--enable-features=Vulkan",
  "--disable-vulkan-surface",
];

/** A browser of its own; the caller closes it. */
export async function openBrowser({ isHardware }: { isHardware: boolean }): Promise<Browser> {
  const { CHROMIUM_LAUNCH, findBrowser } = await loadScripts();
  const { path } = await findBrowser();
  const options: LaunchOptions = {
    executablePath: path,
    args: isHardware ? HARDWARE_ARGS : CHROMIUM_LAUNCH.args,
  };
  return chromium.launch(options);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") {
    throw new FootfallError("bad-input", "this machine gives no free port");
  }
  return address.port;
}

/** Serves a folder as npm start does; resolves once it answers. The caller stops it. */
export async function serve(folder: string): Promise<{ port: number; stop: () => void }> {
  const port = await freePort();
  const args = [join(ROOT, "scripts", "serve.mjs"), "--folder", folder, "--port", String(port)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new FootfallError("bad-input", "the server did not start")));
  });
  return { port, stop: () => void child.kill() };
}
