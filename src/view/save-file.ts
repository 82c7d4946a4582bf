/** Hands bytes or text to the reader as a file, by the browser's own download. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a large file is still being copied
}

/** "checkins.csv.gz" as a name for something made of it: "checkins". */
export function stemOf(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replace(/(\.[a-z0-9]{1,8}){1,2}$/i, "");
  return plain === "" ? "data" : plain;
}
