import type { AsyncBuffer, Compressors, FileMetaData } from "hyparquet";
import { PageChecker } from "./page-checker";
import { checkParquet } from "./parquet-check";

/** A Parquet file by its footer, which was checked; nothing else has been read. */
export interface ParquetBytes {
  file: AsyncBuffer;
  metadata: FileMetaData;
  compressors: Compressors;
  /** To be asked before rows are read. */
  checker: PageChecker;
}

/** The bytes of a file, a part at a time; a part outside of it throws Error. */
export const toParquetBuffer = (blob: Blob): AsyncBuffer => ({
  byteLength: blob.size,
  slice: (from, to = blob.size) => {
    if (!(from >= 0 && from <= to && to <= blob.size)) throw new Error("it points outside itself");
    return blob.slice(from, to).arrayBuffer();
  },
});

/** Opens a file for hyparquet. Throws what hyparquet throws, and Error for a footer that cannot be. */
export async function openParquetBytes(
  file: AsyncBuffer,
  options: { geoparquet?: boolean } = {},
): Promise<ParquetBytes> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const metadata = await parquetMetadataAsync(file, options);
  checkParquet(metadata, file.byteLength);
  return { file, metadata, compressors, checker: new PageChecker(file, metadata, compressors) };
}
