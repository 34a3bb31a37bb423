import type { VolumeGrid, VoxelType } from '../../contract/volume.ts'
import { sameGrid } from '../geometry/index.ts'
import { gzip } from '../compression/index.ts'
import { BYTES_PER_VOXEL, swapBytes, voxelCount } from '../volume/index.ts'
import type { Voxels } from '../volume/index.ts'
import { DATATYPE_OF_VOXEL_TYPE } from './datatypes.ts'

import { DESCRIPTION_BYTES, headerFields, LAYOUTS } from './headerLayout.ts'
import type { NiftiHeader } from './niftiHeader.ts'
import { writeGeometry } from './writeGeometry.ts'

export interface NiftiWriteRequest {
  readonly grid: VolumeGrid
  readonly voxels: Voxels
  readonly voxelType: VoxelType
  /**
   * Header to write back: its version, byte order, extensions and every field that still holds are kept byte
   * for byte. The geometry fields too, where `grid` is the template's grid.
   */
  readonly template?: NiftiHeader
  readonly gzip: boolean
  /** 0–9; 6 where not given. */
  readonly gzipLevel?: number
  /** At most 79 Latin characters; the template's where not given. */
  readonly description?: string
}

const UNITS_MM = 2
const MAX_DIM_VERSION_1 = 32767

/**
 * Writes a single-file NIfTI. The same input gives the same bytes: no time, no machine name.
 *
 * @returns the bytes of a `.nii` or, with `gzip`, a `.nii.gz`
 * @throws RangeError where the voxels do not match the grid or the type
 */
export async function writeNifti(request: NiftiWriteRequest): Promise<Uint8Array> {
  const { grid, voxels, voxelType } = request
  if (voxels.length !== voxelCount(grid.dims)) {
    throw new RangeError(
      `A grid of ${grid.dims.join('×')} needs ${voxelCount(grid.dims)} voxels, got ${voxels.length}`,
    )
  }
  if (voxels.BYTES_PER_ELEMENT !== BYTES_PER_VOXEL[voxelType]) {
    throw new RangeError(`The voxels are not ${voxelType}`)
  }
  const header = buildHeader(request)
  const littleEndian = request.template?.littleEndian ?? true
  const file = new Uint8Array(header.length + voxels.byteLength)
  file.set(header)
  const body = file.subarray(header.length)
  body.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength))
  if (!littleEndian) swapBytes(body, voxels.BYTES_PER_ELEMENT)
  return request.gzip ? gzip(file, request.gzipLevel ?? 6) : file
}

function buildHeader(request: NiftiWriteRequest): Uint8Array {
  const { grid, voxelType, template } = request
  const needsVersion2 = grid.dims.some((dim) => dim > MAX_DIM_VERSION_1)
  // The header of a pair says that the voxels lie elsewhere, so only its codes are taken over.
  const keeps =
    template !== undefined && !template.isPair && (template.version === 2 || !needsVersion2)
  const layout = LAYOUTS[keeps ? template.version : needsVersion2 ? 2 : 1]
  const littleEndian = keeps ? template.littleEndian : (template?.littleEndian ?? true)
  const header = keeps ? completeHeader(template) : emptyHeader(layout.version, littleEndian)
  const fields = headerFields(header, layout, littleEndian)

  const datatype = DATATYPE_OF_VOXEL_TYPE[voxelType]
  const isSameKind = keeps && template.datatype === datatype
  const isScaled = keeps && (template.slope !== 1 || template.intercept !== 0)
  if (!isSameKind) {
    fields.setDatatype(datatype, 8 * BYTES_PER_VOXEL[voxelType])
    fields.setReal(layout.displayMin, 0)
    fields.setReal(layout.displayMax, 0)
  }
  if (!keeps || isScaled) {
    fields.setReal(layout.slope, 1)
    fields.setReal(layout.intercept, 0)
  }
  // A stored 0 means "right after the header" and is kept: it is part of the bytes to preserve.
  if (!keeps || fields.voxelOffset() !== 0) fields.setVoxelOffset(header.length)
  if (!keeps || !sameGrid(template.grid, grid)) {
    writeGeometry(fields, layout, grid, template)
    fields.setSpatialUnit(UNITS_MM)
  }
  if (request.description !== undefined) {
    writeText(header, layout.description, DESCRIPTION_BYTES, request.description)
  }
  return header
}

/** Header and extensions; the extensions are left out where the template was only peeked at. */
function completeHeader(template: NiftiHeader): Uint8Array {
  if (template.raw.length >= template.voxelOffset) return new Uint8Array(template.raw)
  const header = new Uint8Array(LAYOUTS[template.version].size + 4)
  header.set(template.raw.subarray(0, LAYOUTS[template.version].size))
  return header
}

function emptyHeader(version: 1 | 2, littleEndian: boolean): Uint8Array {
  const layout = LAYOUTS[version]
  const header = new Uint8Array(layout.size + 4)
  new DataView(header.buffer).setInt32(0, layout.size, littleEndian)
  const magic = version === 1 ? [0x6e, 0x2b, 0x31, 0] : [0x6e, 0x2b, 0x32, 0, 13, 10, 26, 10]
  header.set(magic, layout.magic)
  // Historic fields that version 1 readers still look at: regular = 'r'.
  if (version === 1) header[38] = 0x72
  return header
}

function writeText(header: Uint8Array, position: number, length: number, text: string): void {
  header.fill(0, position, position + length)
  for (let i = 0; i < Math.min(text.length, length - 1); i++) {
    const code = text.charCodeAt(i)
    header[position + i] = code >= 0x20 && code <= 0xff ? code : 0x3f
  }
}
