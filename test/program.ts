import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { ROOT } from "../scripts/install.mjs";

/** How a program of this repository ended, and all that it wrote. */
interface Ending {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A Node program started in the repository: what it has written so far, and its end. */
export function startProgram(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });
  const wrote = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (wrote.stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (wrote.stderr += bytes.toString()));
  const ended = new Promise<Ending>((resolve) => {
    child.once("close", (status) => resolve({ status, ...wrote }));
  });
  return {
    ended,
    /** Resolves once standard output holds the text; throws when the program ends before. */
    async says(text: string): Promise<void> {
      await new Promise<void>((resolve, reject) => {
        const look = () => wrote.stdout.includes(text) && resolve();
        child.stdout.on("data", look);
        void ended.then(() => reject(new Error(`it ended: ${wrote.stdout}${wrote.stderr}`)));
        look();
      });
    },
    stop: () => child.kill(),
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
