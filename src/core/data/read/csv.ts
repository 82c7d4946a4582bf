const QUOTE = '"';

/** Fields of one record; quotes and doubled quotes are undone, a carriage return at the end is dropped. */
export function splitFields(record: string, delimiter: string): string[] {
  const line = record.endsWith("\r") ? record.slice(0, -1) : record;
  if (!line.includes(QUOTE)) return line.split(delimiter);
  const fields: string[] = [];
  let from = 0;
  while (from <= line.length) {
    const isQuoted = line[from] === QUOTE;
    let to = isQuoted ? findClosingQuote(line, from) : line.indexOf(delimiter, from);
    if (to < 0) to = line.length;
    fields.push(isQuoted ? line.slice(from + 1, to).replaceAll('""', QUOTE) : line.slice(from, to));
    const next = isQuoted ? line.indexOf(delimiter, to) : to;
    from = next < 0 ? line.length + 1 : next + 1;
  }
  return fields;
}

function findClosingQuote(line: string, from: number): number {
  for (let at = line.indexOf(QUOTE, from + 1); at >= 0; at = line.indexOf(QUOTE, at + 2)) {
    if (line[at + 1] !== QUOTE) return at;
  }
  return line.length;
}
