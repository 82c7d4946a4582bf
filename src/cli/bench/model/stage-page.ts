import type { Browser } from "playwright";
import { FootfallError } from "../../../core/errors";
import { serve, openBrowser } from "../stage";
import type { KernelNumbers, ModelAsk, ModelOpened } from "./ask";
import { buildModelPage } from "./folder";

/** A page with one program in it, in a browser of its own: what others hold takes none of its memory. */
export interface ModelPage {
  open(ask: ModelAsk): Promise<ModelOpened>;
  /** Seconds of one more run. */
  time(): Promise<number>;
  /** Seconds of processor time that the browser has taken so far, all its processes and threads. */
  processorSeconds(): Promise<number>;
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

/** Serves the page whose programs are timed; the caller closes it. */
export class ModelStage {
  readonly #server: Server;
  readonly #isHardware: boolean;
  readonly #mostSeconds: number;

  private constructor(server: Server, isHardware: boolean, mostSeconds: number) {
    this.#server = server;
    this.#isHardware = isHardware;
    this.#mostSeconds = mostSeconds;
  }

  /** @param mostSeconds after which opening, or a run, is given up */
  static async open(isHardware: boolean, mostSeconds: number): Promise<ModelStage> {
    return new ModelStage(await serve(await buildModelPage()), isHardware, mostSeconds);
  }

  async #newPage(): Promise<{ browser: Browser; ask: <T>(expression: string) => Promise<T> }> {
    const browser = await openBrowser({ isHardware: this.#isHardware });
    const page = await browser.newPage();
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
    return { browser, ask };
  }

  async newModel(): Promise<ModelPage> {
    const { browser, ask } = await this.#newPage();
    const session = await browser.newBrowserCDPSession();
    return {
      open: (asked) => ask(`openModel(${JSON.stringify(asked)})`),
      time: () => ask("timeModel()"),
      processorSeconds: async () => {
        const { processInfo } = await session.send("SystemInfo.getProcessInfo");
        return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
      },
      close: () => browser.close(),
    };
  }

  async timeKernels(): Promise<KernelNumbers> {
    const { browser, ask } = await this.#newPage();
    try {
      return await ask("timeKernels()");
    } finally {
      await browser.close();
    }
  }

  close(): void {
    this.#server.stop();
  }
}
