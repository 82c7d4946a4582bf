/** A field of a protocol buffer message: number, wire type, bytes. Only what ONNX files need. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A whole number that is not negative (wire type 0). */
export function integerField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A 32-bit float (wire type 5). */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(new Float32Array([value]).buffer); // little endian, like every machine we run on
  return concat([Uint8Array.from(varint(field * 8 + 5)), bytes]);
}

/** Bytes or an embedded message (wire type 2). */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
}

export function textField(field: number, text: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(text));
}

/** A message of the given fields. */
export function message(...fields: Uint8Array[]): Uint8Array {
  return concat(fields);
}
