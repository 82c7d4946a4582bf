import type { Browser, CDPSession, Page } from "playwright";
import { FootfallError } from "../../../core/errors";
import { serve, openBrowser } from "../stage";
import type { KernelNumbers, ModelAsk, ModelOpened } from "./ask";
import { buildModelPage } from "./folder";

/** A page with one program in it. */
export interface ModelPage {
  open(ask: ModelAsk): Promise<ModelOpened>;
  /** Seconds of one more run. */
  time(): Promise<number>;
  close(): Promise<void>;
}

/** Rejects after some seconds; whoever asked closes the page then, and with it what it computes. */
function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<T>((_, reject) => {
    const give = () => reject(new FootfallError("no-gpu", `not done after ${seconds} s`));
    timer = setTimeout(give, 1000 * seconds);
  });
  work.catch(() => undefined); // its page may be closed
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type Server = Awaited<ReturnType<typeof serve>>;

/** One browser whose pages run programs; the caller closes it. */
export class ModelStage {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #mostSeconds: number;
  #session: CDPSession | undefined;

  private constructor(browser: Browser, server: Server, mostSeconds: number) {
    this.#browser = browser;
    this.#server = server;
    this.#mostSeconds = mostSeconds;
  }

  /** @param mostSeconds after which opening, or a run, is given up */
  static async open(isHardware: boolean, mostSeconds: number): Promise<ModelStage> {
    const server = await serve(await buildModelPage());
    return new ModelStage(await openBrowser({ isHardware }), server, mostSeconds);
  }

  async #newPage(): Promise<{ page: Page; ask: <T>(expression: string) => Promise<T> }> {
    const page = await this.#browser.newPage();
    const complaints: string[] = [];
    page.on("console", (line) => void (line.type() === "error" && complaints.push(line.text())));
    await page.goto(`http://localhost:${this.#server.port}`);
    await page.waitForFunction("typeof openModel === 'function'");
    const ask = async <T>(expression: string): Promise<T> => {
      try {
        return await within(this.#mostSeconds, page.evaluate<T>(expression));
      } catch (cause) {
        const [first] = String(cause).replace("page.evaluate: ", "").split("\n");
        throw new FootfallError("no-gpu", [first, ...complaints.slice(0, 1)].join("; "), { cause });
      }
    };
    return { page, ask };
  }

  async newModel(): Promise<ModelPage> {
    const { page, ask } = await this.#newPage();
    return {
      open: (asked) => ask(`openModel(${JSON.stringify(asked)})`),
      time: () => ask("timeModel()"),
      close: () => page.close(),
    };
  }

  async timeKernels(): Promise<KernelNumbers> {
    const { page, ask } = await this.#newPage();
    try {
      return await ask("timeKernels()");
    } finally {
      await page.close();
    }
  }

  /** Seconds of processor time that the browser has taken so far, all its processes and threads. */
  async processorSeconds(): Promise<number> {
    this.#session ??= await this.#browser.newBrowserCDPSession();
    const { processInfo } = await this.#session.send("SystemInfo.getProcessInfo");
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.stop();
  }
}
