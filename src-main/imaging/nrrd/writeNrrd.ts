import type { VolumeGrid } from '../../contract/volume.ts'
import { gzip } from '../compression/index.ts'
import { swapRasLps } from '../geometry/index.ts'
import { voxelCount, voxelTypeOf, type Voxels } from '../volume/index.ts'

export interface NrrdWriteRequest {
  readonly grid: VolumeGrid
  readonly voxels: Voxels
  readonly encoding: 'raw' | 'gzip'
  /** Key/value pairs in the order in which they are to stand. */
  readonly keyValues?: readonly (readonly [string, string])[]
}

const TYPE_NAMES = {
  uint8: 'unsigned char',
  int16: 'short',
  uint16: 'unsigned short',
  float32: 'float',
}

/**
 * Writes an NRRD with attached data in LPS, the space that 3D Slicer and ITK write. Numbers are written in full, so the
 * geometry comes back exactly. Equal input gives equal bytes.
 *
 * @throws RangeError where the voxels do not match the grid
 */
export async function writeNrrd(request: NrrdWriteRequest): Promise<Uint8Array> {
  const { voxels } = request
  const body = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength)
  const data = request.encoding === 'gzip' ? await gzip(body, 6) : body
  const header = new TextEncoder().encode(`${nrrdHeader(request)}\n`)
  const file = new Uint8Array(header.length + data.length)
  file.set(header)
  file.set(data, header.length)
  return file
}

/**
 * Writes an NRRD as a detached header (`.nhdr`) and the file with its numbers.
 *
 * @param dataFile bare name that the data file will have
 * @throws RangeError where the voxels do not match the grid
 */
export async function writeDetachedNrrd(
  request: NrrdWriteRequest,
  dataFile: string,
): Promise<{ header: Uint8Array; data: Uint8Array }> {
  const { voxels } = request
  const body = new Uint8Array(
    voxels.buffer.slice(voxels.byteOffset, voxels.byteOffset + voxels.byteLength),
  )
  const data = request.encoding === 'gzip' ? await gzip(body, 6) : body
  const header = new TextEncoder().encode(`${nrrdHeader(request)}data file: ${dataFile}\n`)
  return { header, data }
}

function nrrdHeader(request: NrrdWriteRequest): string {
  const { grid, voxels, encoding, keyValues = [] } = request
  if (voxels.length !== voxelCount(grid.dims)) {
    throw new RangeError(
      `A grid of ${grid.dims.join('×')} needs ${voxelCount(grid.dims)} voxels, got ${voxels.length}`,
    )
  }
  const lps = swapRasLps(grid.indexToWorld)
  const column = (axis: number): string => `(${lps[axis]},${lps[4 + axis]},${lps[8 + axis]})`
  return [
    'NRRD0004',
    '# Complete NRRD file format specification at:',
    '# http://teem.sourceforge.net/nrrd/format.html',
    `type: ${TYPE_NAMES[voxelTypeOf(voxels)]}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${grid.dims.join(' ')}`,
    `space directions: ${column(0)} ${column(1)} ${column(2)}`,
    'kinds: domain domain domain',
    'endian: little',
    `encoding: ${encoding}`,
    `space origin: ${column(3)}`,
    ...keyValues.map(([key, value]) => `${key}:=${escapeValue(value)}`),
    '',
  ].join('\n')
}

const escapeValue = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\r?\n/g, '\\n')
