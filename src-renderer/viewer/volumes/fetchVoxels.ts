import type { VolumeRef } from '../../../src-main/contract/volume.ts'
import { GliadeskError } from '../../../src-main/contract/errors.ts'
import { BYTES_PER_VOXEL, voxelCount, type Voxels } from '../../../src-main/imaging/volume/index.ts'

export interface FetchVoxelsOptions {
  signal?: AbortSignal
  /** Called with the fraction received, 0 to 1, as the bytes come in. */
  onProgress?: (fraction: number) => void
  /** Stands in for the browser's fetch in tests. */
  fetch?: typeof globalThis.fetch
}

/**
 * Fetches a volume's raw little-endian voxels into the typed array that the viewer and the editor share.
 *
 * @param title what the reader calls the volume ("FLAIR"), for error messages
 * @returns dims[0]·dims[1]·dims[2] voxels, first index fastest
 * @throws GliadeskError `NOT_FOUND` where the core has no such bytes, `BAD_FILE` where their count is wrong
 */
export async function fetchVoxels(
  ref: VolumeRef,
  title: string,
  options: FetchVoxelsOptions = {},
): Promise<Voxels> {
  const expected = voxelCount(ref.grid.dims) * BYTES_PER_VOXEL[ref.voxelType]
  const request = options.fetch ?? globalThis.fetch
  const response = await request(`/data/${ref.sha256}`, { signal: options.signal ?? null })
  if (!response.ok || !response.body) {
    throw new GliadeskError(
      'NOT_FOUND',
      `The voxels of ${title} could not be read (the program answered ${response.status}).`,
      'Check that the image file is still where it was imported from, then open the case again.',
    )
  }
  // Filling one preallocated buffer avoids the second copy that arrayBuffer() of a stream makes, and lets
  // the page breathe between chunks.
  const bytes = new Uint8Array(expected)
  const reader = response.body.getReader()
  let received = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (received + value.byteLength > expected) {
      await reader.cancel()
      received = Number.POSITIVE_INFINITY
      break
    }
    bytes.set(value, received)
    received += value.byteLength
    options.onProgress?.(received / expected)
  }
  if (received !== expected) {
    throw new GliadeskError(
      'BAD_FILE',
      `The voxels of ${title} do not fit its size: ${expected} bytes expected for ` +
        `${ref.grid.dims.join(' × ')} voxels.`,
      'The file may have changed or been cut short since import. Import the case again.',
    )
  }
  return typedVoxels(ref.voxelType, bytes.buffer)
}

function typedVoxels(type: VolumeRef['voxelType'], buffer: ArrayBuffer): Voxels {
  switch (type) {
    case 'uint8':
      return new Uint8Array(buffer)
    case 'int16':
      return new Int16Array(buffer)
    case 'uint16':
      return new Uint16Array(buffer)
    case 'float32':
      return new Float32Array(buffer)
  }
}
