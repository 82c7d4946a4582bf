import type { ColumnChunk, FileMetaData, RowGroup, SchemaElement } from "hyparquet";

const outside = (): Error => new Error("its footer points outside the file");

function checkRange(from: number, bytes: number, fileBytes: number): void {
  const isInside = from >= 4 && bytes >= 0 && from + bytes <= fileBytes;
  if (!isInside) throw outside();
}

/** Paths of the columns that hold values, in the order of the file. */
function leafPaths(schema: readonly SchemaElement[]): string[] {
  const paths: string[] = [];
  let at = 1;
  const walk = (count: number, path: string): void => {
    for (let child = 0; child < count; child++) {
      const element = schema[at++];
      if (!element) throw new Error("its schema was cut");
      const own = `${path}.${element.name}`;
      if (element.num_children) walk(element.num_children, own);
      else paths.push(own);
    }
  };
  walk(schema[0]?.num_children ?? 0, "");
  if (at !== schema.length) throw new Error("its schema does not add up");
  return paths;
}

function checkColumn(
  { meta_data: meta, offset_index_offset: indexAt, offset_index_length: indexBytes }: ColumnChunk,
  path: string | undefined,
  fileBytes: number,
): void {
  if (!meta || `.${meta.path_in_schema.join(".")}` !== path) {
    throw new Error("its columns are not those of its schema");
  }
  const first = meta.dictionary_page_offset || meta.data_page_offset;
  checkRange(Number(first), Number(meta.total_compressed_size), fileBytes);
  checkRange(Number(meta.data_page_offset), 0, fileBytes);
  if (indexAt) checkRange(Number(indexAt), indexBytes ?? 0, fileBytes);
}

function checkGroup(group: RowGroup, paths: readonly string[], fileBytes: number): void {
  if (group.columns.length !== paths.length) throw new Error("a group of rows lacks columns");
  group.columns.forEach((column, i) => checkColumn(column, paths[i], fileBytes));
}

/**
 * Checks that a footer agrees with itself and with the size of the file, before anything is read by it: a
 * damaged one would lead to reads outside the file and to endless work. Throws Error.
 */
export function checkParquet(metadata: FileMetaData, fileBytes: number): void {
  const paths = leafPaths(metadata.schema);
  let rows = 0n;
  for (const group of metadata.row_groups) {
    if (group.num_rows < 0n) throw new Error("a group of rows has less than none");
    rows += group.num_rows;
    checkGroup(group, paths, fileBytes);
  }
  if (rows !== metadata.num_rows) throw new Error("its rows do not add up");
}
