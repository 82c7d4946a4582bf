import { FootfallError } from "../../errors";
import { withWholeHead } from "./bytes";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** What files of other kinds begin with. */
const SIGNATURES: readonly (readonly [name: string, bytes: string])[] = [
  ["a zip archive or an Excel workbook", "PK\u0003\u0004"],
  ["a Parquet file", "PAR1"],
  ["an encrypted Parquet file", "PARE"],
  ["an Arrow file", "ARROW1"],
  ["a Feather file of version 1", "FEA1"],
  ["a PNG picture", "\u0089PNG"],
  ["a JPEG picture", "\u00ff\u00d8\u00ff"],
  ["a GIF picture", "GIF8"],
  ["a TIFF picture", "II*\u0000"],
  ["a TIFF picture", "MM\u0000*"],
  ["a PDF document", "%PDF"],
  ["an SQLite database or GeoPackage", "SQLite format 3\u0000"],
  ["an HDF5 file", "\u0089HDF"],
  ["a NumPy array", "\u0093NUMPY"],
  ["an old Excel workbook", "\u00d0\u00cf\u0011\u00e0"],
  ["a FlatGeobuf file", "fgb\u0003"],
  ["compressed with Zstandard", "(\u00b5/\u00fd"],
  ["compressed with bzip2", "BZh"],
  ["compressed with xz", "\u00fd7zXZ"],
  ["compressed with LZ4", '\u0004"M\u0018'],
  ["a 7-Zip archive", "7z\u00bc\u00af"],
  ["a RAR archive", "Rar!"],
  ["a program", "\u007fELF"],
  ["a Python pickle", "\u0080\u0004\u0095"],
];

/** True where bytes begin with these marks, each of which stands for one byte. */
export function startsWith(bytes: Uint8Array, marks: string): boolean {
  for (let i = 0; i < marks.length; i++) if (bytes[i] !== marks.charCodeAt(i)) return false;
  return true;
}

/** "a PNG picture" and the like by the first bytes; undefined for what has no sign. */
export function nameOfBinary(head: Uint8Array): string | undefined {
  return SIGNATURES.find(([, marks]) => startsWith(head, marks))?.[0];
}

/** The encoding by the mark at the beginning, and how many bytes the mark has. */
function encodingOf(head: Uint8Array): { encoding: Encoding; mark: number } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", mark: 2 };
  const isUtf8 = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return { encoding: "utf-8", mark: isUtf8 ? 3 : 0 };
}

/** Control characters that no text has: all below the space but tab, line feed, form feed, return, escape. */
const isControl = (byte: number): boolean =>
  byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27;

/** True where these bytes may be a table in text: few of them are control characters. */
export function looksLikeText(head: Uint8Array): boolean {
  if (nameOfBinary(head) !== undefined) return false;
  if (encodingOf(head).encoding !== "utf-8") return true;
  let controls = 0;
  for (const byte of head) if (isControl(byte)) controls++;
  return controls * 50 <= head.length;
}

/** Refuses what is no text. Throws "bad-file" with the kind of file where its first bytes tell. */
export function checkText(path: string, head: Uint8Array): void {
  if (head.length === 0) throw new FootfallError("bad-file", `${path} is empty`);
  if (looksLikeText(head)) return;
  const name = nameOfBinary(head);
  const evenZeros = head.filter((byte, i) => i % 2 === 1 && byte === 0).length;
  const why =
    name ??
    (evenZeros * 4 > head.length
      ? "text in UTF-16 without the mark that says so"
      : "binary data, not text");
  throw new FootfallError(
    "bad-file",
    `${path} is ${why}; expected a table as text (CSV, TSV, JSON), plain or gzip`,
  );
}

/** The same text in UTF-8 without a mark. UTF-16 is known by its mark; all else stays as it is. */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const encoder = new TextEncoder();
  let isFirst = true;
  for await (const chunk of withWholeHead(chunks, 3)) {
    let bytes = chunk;
    if (isFirst) {
      const { encoding, mark } = encodingOf(chunk);
      bytes = chunk.subarray(mark);
      if (encoding !== "utf-8") decoder = new TextDecoder(encoding);
    }
    isFirst = false;
    yield decoder ? encoder.encode(decoder.decode(bytes, { stream: true })) : bytes;
  }
  const rest = decoder?.decode() ?? "";
  if (rest !== "") yield encoder.encode(rest);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("windows-1252");

/** So long are names and numbers; for them a loop is faster than a decoder. */
const SHORT = 64;

function decodeAscii(bytes: Uint8Array): string | undefined {
  let text = "";
  for (const byte of bytes) {
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** UTF-8 where the bytes are that, else Latin-1 as Windows has it; nothing is refused. */
export function decodeLenient(bytes: Uint8Array): string {
  const ascii = bytes.length <= SHORT ? decodeAscii(bytes) : undefined;
  if (ascii !== undefined) return ascii;
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
