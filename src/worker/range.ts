import { FootfallError } from "../core/errors";
import type { RangeReader } from "../core/truth/range";

/** A server without ranges sends the whole file; up to this much of it is kept. */
const LARGEST_WHOLE = 256 * 2 ** 20;

const toHeader = (offset: number, length: number): Record<string, string> => ({
  Range: `bytes=${offset}-${offset + length - 1}`,
});

async function ask(
  url: URL,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await fetch(url, { headers, ...(signal && { signal }) }).catch(
    (cause: unknown) => {
      throw new FootfallError("missing-file", `${url.pathname}: the server does not answer`, {
        cause,
      });
    },
  );
  if (response.ok) return response;
  throw new FootfallError(
    "missing-file",
    `${url.pathname}: the server answered ${response.status}`,
  );
}

/** "bytes 0-0/12345" */
const sizeOf = (response: Response): number =>
  Number(/\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1] ?? NaN);

/** A file that came whole, because its server knows no ranges. */
async function readWhole(url: URL, response: Response): Promise<RangeReader> {
  const length = Number(response.headers.get("Content-Length") ?? 0);
  if (length > LARGEST_WHOLE)
    throw new FootfallError(
      "bad-file",
      `${url.pathname}: its server sends no ranges, and ${length.toLocaleString("en")} bytes are too many to fetch whole; download the file and open it`,
    );
  const bytes = await response.arrayBuffer();
  const read = async (offset: number, count: number): Promise<ArrayBuffer> =>
    bytes.slice(offset, offset + count);
  return { size: bytes.byteLength, read };
}

/**
 * Opens an address of the page's own server for reading by ranges. Throws "bad-input" for another server (the
 * page talks to its own only), "missing-file" where the server has no such file, "bad-file".
 */
export async function openRange(address: string, base: string): Promise<RangeReader> {
  const url = new URL(address, base);
  if (url.origin !== new URL(base).origin)
    throw new FootfallError(
      "bad-input",
      `${address} lies on another server; the page reads from its own only: download the file and open it`,
    );
  const first = await ask(url, toHeader(0, 1));
  if (first.status !== 206) return readWhole(url, first);
  return {
    size: sizeOf(first),
    read: async (offset, length, signal) =>
      (await ask(url, toHeader(offset, length), signal)).arrayBuffer(),
  };
}
