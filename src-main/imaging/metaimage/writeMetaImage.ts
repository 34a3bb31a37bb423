import type { VolumeGrid } from '../../contract/volume.ts'
import { gzip } from '../compression/index.ts'
import { directionOf, orientationCode, originOf, swapRasLps } from '../geometry/index.ts'
import { voxelCount, voxelTypeOf, type Voxels } from '../volume/index.ts'

export interface MetaImageWriteRequest {
  readonly grid: VolumeGrid
  readonly voxels: Voxels
  readonly compressed: boolean
}

const TYPE_NAMES = {
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  float32: 'MET_FLOAT',
}
const OPPOSITE: Record<string, string> = { R: 'L', L: 'R', A: 'P', P: 'A', S: 'I', I: 'S' }

/**
 * Writes a MetaImage as ITK does: LPS, one axis direction after the other in TransformMatrix, zlib compression.
 *
 * @param dataFile bare name of the data file of an `.mhd`; absent for an `.mha` that holds everything
 * @returns header and data; for an `.mha` write the two after one another
 * @throws RangeError where the voxels do not match the grid
 */
export async function writeMetaImage(
  request: MetaImageWriteRequest,
  dataFile?: string,
): Promise<{ header: Uint8Array; data: Uint8Array }> {
  const { grid, voxels, compressed } = request
  if (voxels.length !== voxelCount(grid.dims)) {
    throw new RangeError(
      `A grid of ${grid.dims.join('×')} needs ${voxelCount(grid.dims)} voxels, got ${voxels.length}`,
    )
  }
  const body = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength)
  const data = compressed ? await gzip(body, 6, 'deflate') : body
  const lps = swapRasLps(grid.indexToWorld)
  const direction = directionOf(lps)
  const columns = [0, 1, 2].flatMap((axis) => [0, 1, 2].map((row) => direction[3 * row + axis]))
  // This field names where each axis comes from, not where it runs to.
  const from = [...orientationCode(grid.indexToWorld)].map((letter) => OPPOSITE[letter]).join('')
  const header = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `CompressedData = ${compressed ? 'True' : 'False'}`,
    ...(compressed ? [`CompressedDataSize = ${data.length}`] : []),
    `TransformMatrix = ${columns.join(' ')}`,
    `Offset = ${originOf(lps).join(' ')}`,
    'CenterOfRotation = 0 0 0',
    `AnatomicalOrientation = ${from}`,
    `ElementSpacing = ${grid.spacingMm.join(' ')}`,
    `DimSize = ${grid.dims.join(' ')}`,
    `ElementType = ${TYPE_NAMES[voxelTypeOf(voxels)]}`,
    `ElementDataFile = ${dataFile ?? 'LOCAL'}`,
    '',
  ].join('\n')
  return { header: new TextEncoder().encode(header), data }
}
