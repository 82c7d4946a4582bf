import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sirv from "sirv";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRange } from "../src/worker/range";

let folder = "";
let server: Server;
let base = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "footfall-range-"));
  await writeFile(
    join(folder, "bytes.tif"),
    Uint8Array.from({ length: 1000 }, (_, i) => i % 256),
  );
  const files = sirv(folder); // what npm start serves with
  server = createServer((request, response) => {
    if (request.url === "/whole.tif") response.end(Buffer.from([1, 2, 3]));
    else files(request, response, () => void response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app/`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

it("reads pieces of a file by ranges", async () => {
  const range = await openRange("/bytes.tif", base);
  expect(range.size).toBe(1000);
  expect(Array.from(new Uint8Array(await range.read(254, 4)))).toEqual([254, 255, 0, 1]);
});

it("takes a file whole where the server knows no ranges", async () => {
  const range = await openRange("/whole.tif", base);
  expect(range.size).toBe(3);
  expect(Array.from(new Uint8Array(await range.read(1, 9)))).toEqual([2, 3]);
});

it("asks no other server, and says what is missing", async () => {
  await expect(openRange("https://example.org/x.tif", base)).rejects.toThrow(/another server/);
  await expect(openRange("/none.tif", base)).rejects.toThrow("/none.tif: the server answered 404");
});
