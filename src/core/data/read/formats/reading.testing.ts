import fc from "fast-check";
import { expect } from "vitest";
import { FootfallError } from "../../../errors";
import type {
  FileFacts,
  FoundPoint,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";

/** What a reader gave: points as [user, timeMs, lat, lng], the line of each, and what it refused. */
export interface Reading {
  points: [user: string, timeMs: number, lat: number, lng: number][];
  lines: number[];
  offsets: Set<number | undefined>;
  rejected: [reason: string, line: number][];
  labels: [user: string, fromMs: number, toMs: number, label: string][];
  facts: FileFacts;
}

type Content = string | Uint8Array;

export function asFile(path: string, content: Content): SourceFile {
  return { path, blob: new Blob([typeof content === "string" ? content : content.slice()]) };
}

/** Reads a file to its end. */
export async function readFile(
  format: PointFormat,
  file: SourceFile,
  options: ReadOptions = {},
): Promise<Reading> {
  const reading: Omit<Reading, "facts"> = {
    points: [],
    lines: [],
    offsets: new Set(),
    rejected: [],
    labels: [],
  };
  const sink: PointSink = {
    beginFile: () => undefined,
    add({ user, timeMs, lat, lng, offsetMin }: FoundPoint, line) {
      reading.points.push([user, timeMs, lat, lng]);
      reading.lines.push(line);
      reading.offsets.add(offsetMin);
    },
    reject: (reason, line) => void reading.rejected.push([reason, line]),
    label: (...label) => void reading.labels.push(label),
  };
  const work = format.read(file, options, sink);
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { ...reading, facts: value };
  }
}

/** What was read, or the error where the reader refused the file; any other error is thrown. */
async function tryReading(format: PointFormat, file: SourceFile): Promise<Reading | FootfallError> {
  return readFile(format, file).catch((error: unknown) => {
    if (error instanceof FootfallError) return error;
    throw error;
  });
}

/** Cuts a file at every byte: what is read is the beginning of what the whole file gives, never else. */
export async function expectCutsAreHonest(
  format: PointFormat,
  path: string,
  content: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(content);
  const whole = await readFile(format, asFile(path, bytes));
  for (let length = 0; length < bytes.length; length++) {
    const cut = await tryReading(format, asFile(path, bytes.subarray(0, length)));
    if (cut instanceof FootfallError) continue;
    const usable = cut.points.filter((point) => point.every((value) => !Number.isNaN(value)));
    expect(whole.points, `cut at ${length}`).toEqual(expect.arrayContaining(usable));
  }
}

/** Random bytes, and random changes of a good file, end in points or in one FootfallError. */
export async function expectBytesAreSurvived(
  format: PointFormat,
  path: string,
  content: Content,
  companion?: SourceFile,
): Promise<void> {
  const good = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const change = fc.tuple(fc.nat(Math.max(0, good.length - 1)), fc.nat(255));
  const changed = fc.array(change, { minLength: 1, maxLength: 10 }).map((changes) => {
    const bytes = good.slice();
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });
  const bytes = fc.oneof(changed, fc.uint8Array({ maxLength: 500 }));
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const file = { ...asFile(path, content), companion };
      const refuse = (error: unknown) => expect(error).toBeInstanceOf(FootfallError);
      format.matches(path, content);
      await tryReading(format, file);
      await format.preview(file, {}).catch(refuse);
    }),
  );
}
