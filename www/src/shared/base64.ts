/** Base64 to bytes, by the engine's own method where it has one (ten times faster than `atob`). */
interface Base64Constructor {
  fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
}

/** Pages and workers have it alike; this project names neither's types. */
declare function atob(base64: string): string;

export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as Base64Constructor).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let idx = 0; idx < binary.length; idx++) bytes[idx] = binary.charCodeAt(idx);
  return bytes;
}
