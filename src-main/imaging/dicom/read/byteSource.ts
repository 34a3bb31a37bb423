/** A file, or an entry of an archive, that can be read piece by piece. */
export interface ByteSource {
  /** What the person calls it; used in sentences. */
  readonly name: string
  readonly sizeBytes: number
  /** Exactly `length` bytes from `offset`, fewer only where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Bytes already in memory as a source. */
export function bytesAsSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  }
}
