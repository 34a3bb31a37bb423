import { createGrid } from '../geometry/index.ts'
import { badFile } from '../volume/index.ts'
import { REAL_DATATYPES, UNREADABLE_DATATYPES } from './datatypes.ts'
import { chooseAffine } from './headerAffine.ts'
import { DESCRIPTION_BYTES, headerFields, LAYOUTS } from './headerLayout.ts'
import type { HeaderFields, HeaderLayout } from './headerLayout.ts'
import type { NiftiHeader } from './niftiHeader.ts'

type Triple = [number, number, number]

const NOT_NIFTI = 'is not a NIfTI image (its first bytes are not a NIfTI header).'
const CHOOSE_NIFTI = 'Choose a file that ends in .nii or .nii.gz and was exported as NIfTI.'

/**
 * Parses the fixed part of a header.
 *
 * @param bytes the start of the file, decompressed: at least the fixed header where the file has it
 * @param fileName what error messages call the file
 * @throws GliadeskError BAD_FILE naming file and field
 */
export function parseHeader(bytes: Uint8Array, fileName: string): NiftiHeader {
  const { layout, littleEndian, isPair } = recognise(bytes, fileName)
  const fields = headerFields(bytes, layout, littleEndian)
  const warnings: string[] = []
  const { dims, frames } = readDims(fields, fileName)
  const datatype = fields.datatype()
  checkDatatype(datatype, fileName)
  const { slope, intercept } = readScaling(fields, layout, warnings)
  const geometry = readGeometry(fields, layout, dims, warnings)
  const voxelOffset = readVoxelOffset(fields, isPair ? 0 : layout.size + 4, fileName)

  return {
    version: layout.version,
    littleEndian,
    dims,
    frames,
    isPair,
    ...geometry,
    datatype,
    slope,
    intercept,
    voxelOffset,
    description: readText(bytes, layout.description, DESCRIPTION_BYTES),
    raw: new Uint8Array(bytes.subarray(0, isPair ? layout.size + 4 : voxelOffset)),
    warnings,
  }
}

function recognise(
  bytes: Uint8Array,
  fileName: string,
): { layout: HeaderLayout; littleEndian: boolean; isPair: boolean } {
  if (bytes.length < 4) throw badFile(fileName, NOT_NIFTI, CHOOSE_NIFTI)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian)
    const layout = size === 348 ? LAYOUTS[1] : size === 540 ? LAYOUTS[2] : null
    if (!layout) continue
    if (bytes.length < layout.size) {
      throw badFile(
        fileName,
        `the file ends inside the header (${bytes.length} of ${layout.size} bytes); it was cut off.`,
      )
    }
    const magic = readText(bytes, layout.magic, 4)
    if (magic === `n+${layout.version}`) return { layout, littleEndian, isPair: false }
    if (magic === `ni${layout.version}`) return { layout, littleEndian, isPair: true }
    throw badFile(
      fileName,
      `the field "magic" says ${JSON.stringify(printable(magic))} where a NIfTI file says "n+${layout.version}".`,
      'If this is an old Analyze 7.5 image, convert it to NIfTI first: it does not say left from right.',
    )
  }
  throw badFile(fileName, NOT_NIFTI, CHOOSE_NIFTI)
}

function readDims(fields: HeaderFields, fileName: string): { dims: Triple; frames: number } {
  const rank = fields.dim(0)
  if (!Number.isInteger(rank) || rank < 1 || rank > 7) {
    throw badFile(fileName, `the field "dim" names ${rank} dimensions; 1 to 7 are possible.`)
  }
  const lengths = Array.from({ length: rank }, (_, index) => fields.dim(index + 1))
  const wrong = lengths.find((length) => !Number.isSafeInteger(length) || length < 1)
  if (wrong !== undefined) {
    throw badFile(fileName, `the field "dim" names an axis of ${wrong} voxels.`)
  }
  const frames = lengths.slice(3).reduce((product, length) => product * length, 1)
  return { dims: [lengths[0], lengths[1] ?? 1, lengths[2] ?? 1], frames }
}

function checkDatatype(datatype: number, fileName: string): void {
  if (REAL_DATATYPES.has(datatype)) return
  const known = UNREADABLE_DATATYPES.get(datatype)
  throw badFile(
    fileName,
    known
      ? `the field "datatype" says that voxels are ${known} (code ${datatype}).`
      : `the field "datatype" holds ${datatype}, which is no NIfTI number type.`,
    known ? 'Export the image as 16-bit integers or 32-bit floating point numbers.' : undefined,
  )
}

function readScaling(
  fields: HeaderFields,
  layout: HeaderLayout,
  warnings: string[],
): { slope: number; intercept: number } {
  const slope = fields.real(layout.slope)
  const intercept = fields.real(layout.intercept)
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 }
  if (!Number.isFinite(intercept)) {
    warnings.push('The field scl_inter is not a number; 0 was used.')
    return { slope, intercept: 0 }
  }
  return { slope, intercept }
}

/** Spatial units by NIfTI code, in mm; 0 (unknown) counts as mm, as everywhere. */
const UNIT_MM: ReadonlyMap<number, { name: string; mm: number }> = new Map([
  [1, { name: 'metres', mm: 1000 }],
  [3, { name: 'micrometres', mm: 0.001 }],
])

function readGeometry(
  fields: HeaderFields,
  layout: HeaderLayout,
  dims: Triple,
  warnings: string[],
): Pick<NiftiHeader, 'grid' | 'affineSource' | 'qformCode' | 'sformCode'> {
  const pixdim = (index: number): number => {
    const value = Math.abs(fields.real(layout.pixdim, index))
    if (Number.isFinite(value) && value > 0) return value
    warnings.push(`The field pixdim[${index}] is ${fields.real(layout.pixdim, index)}; 1 was used.`)
    return 1
  }
  const triple = (position: number, first: number): Triple => [
    fields.real(position, first),
    fields.real(position, first + 1),
    fields.real(position, first + 2),
  ]
  const qformCode = fields.code(layout.qformCode)
  const sformCode = fields.code(layout.sformCode)
  const { affine, source } = chooseAffine(
    {
      dims,
      pixdim: [fields.real(layout.pixdim), pixdim(1), pixdim(2), pixdim(3)],
      qformCode,
      sformCode,
      quaternion: triple(layout.quaternion, 0),
      quaternionOffset: triple(layout.quaternion, 3),
      sformRows: Array.from({ length: 12 }, (_, index) => fields.real(layout.sformRows, index)),
    },
    warnings,
  )
  const unit = UNIT_MM.get(fields.spatialUnit())
  if (unit) {
    warnings.push(`Positions are stored in ${unit.name} and were converted to mm.`)
    for (let index = 0; index < 12; index++) affine[index] *= unit.mm
  }
  return { grid: createGrid(dims, affine), affineSource: source, qformCode, sformCode }
}

function readVoxelOffset(fields: HeaderFields, minimum: number, fileName: string): number {
  const stored = fields.voxelOffset()
  if (stored === 0) return minimum
  if (!Number.isSafeInteger(stored) || stored < minimum) {
    throw badFile(
      fileName,
      `the field "vox_offset" says that voxels start at byte ${stored}; ${minimum} is the least.`,
    )
  }
  return stored
}

function readText(bytes: Uint8Array, position: number, length: number): string {
  const field = bytes.subarray(position, position + length)
  const end = field.indexOf(0)
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end))
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
