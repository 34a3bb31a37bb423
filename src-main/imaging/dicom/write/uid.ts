/** Makes the UIDs of an object: the same role gives the same UID, so that an export can be repeated byte for byte. */
export type UidSource = (role: string) => string

/**
 * A UID below the root 2.25 from 16 bytes, taken as a UUID of version 8 (PS3.5 B.2; RFC 9562): nobody needs to
 * register a root, and bytes of a hash give the same UID again.
 */
export function uidFromBytes(bytes: Uint8Array): string {
  const uuid = Uint8Array.from(bytes.subarray(0, 16))
  uuid[6] = (uuid[6] & 0x0f) | 0x80
  uuid[8] = (uuid[8] & 0x3f) | 0x80
  let value = 0n
  for (const byte of uuid) value = (value << 8n) | BigInt(byte)
  return `2.25.${value}`
}
