import type { VolumeGrid } from '../../contract/volume.ts'
import { affineDeterminant, createGrid } from '../geometry/index.ts'
import { badFile } from '../volume/index.ts'
import type { NrrdText } from './parseNrrdHeader.ts'

type Triple = [number, number, number]

/** Sizes and lattice of an NRRD of one or several images. */
export interface NrrdGeometry {
  readonly grid: VolumeGrid
  /** Images a file holds; 1 for a plain volume. */
  readonly frames: number
  /** True where the images are interleaved voxel by voxel, false where they follow one another. */
  readonly interleaved: boolean
}

/** Signs that bring each anatomical space to RAS+. */
const SPACES: ReadonlyMap<string, Triple> = new Map([
  ['right-anterior-superior', [1, 1, 1]],
  ['ras', [1, 1, 1]],
  ['left-anterior-superior', [-1, 1, 1]],
  ['las', [-1, 1, 1]],
  ['left-posterior-superior', [-1, -1, 1]],
  ['lps', [-1, -1, 1]],
])

const UNIT_MM: ReadonlyMap<string, number> = new Map([
  ['mm', 1],
  ['millimeter', 1],
  ['millimeters', 1],
  ['cm', 10],
  ['m', 1000],
  ['um', 0.001],
])

/** Longest axis and largest product of axes that are believed. */
const MAX_AXIS = 2 ** 20

/**
 * Grid and layout of the axes. Directions and origin are brought to RAS+ mm; a file that names no anatomical space
 * counts as LPS, as it does in ITK and 3D Slicer, with a warning.
 *
 * @throws GliadeskError BAD_FILE
 */
export function readNrrdGeometry(
  text: NrrdText,
  fileName: string,
  warnings: string[],
): NrrdGeometry {
  const { fields } = text
  const dimension = wholeNumber(fields.get('dimension') ?? '', 'dimension', fileName)
  const sizes = (fields.get('sizes') ?? '').split(/\s+/).filter((word) => word !== '')
  if (dimension < 2 || dimension > 4 || sizes.length !== dimension) {
    throw badFile(
      fileName,
      `the fields "dimension" (${dimension}) and "sizes" (${sizes.length} numbers) do not name an image of two to four axes.`,
    )
  }
  const lengths = sizes.map((word) => wholeNumber(word, 'sizes', fileName))
  if (lengths.some((length) => length < 1 || length > MAX_AXIS)) {
    throw badFile(fileName, `the field "sizes" names an axis of ${lengths.join(' × ')} voxels.`)
  }
  const vectors = directionsOf(fields.get('space directions'), dimension, fileName)
  const frameAxis = dimension === 4 ? frameAxisOf(fields.get('kinds'), vectors, fileName) : -1
  const spatial = lengths.map((_, axis) => axis).filter((axis) => axis !== frameAxis)
  const dims = spatial.map((axis) => lengths[axis])
  if (dims.length === 2) dims.push(1)
  const columns = vectors
    ? spatial.map((axis) => vectors[axis] ?? refuseNone(fileName))
    : defaultDirections(fields.get('spacings'), spatial)
  if (columns.length === 2) columns.push(cross(columns[0], columns[1]))
  const origin = originOf(fields.get('space origin'), fileName)
  const signs = signsOf(fields.get('space'), fileName, warnings)
  const scale = scaleOf(fields.get('space units'), fileName)
  const at = (row: number): number[] => [
    ...columns.map((column) => clean(column[row] * signs[row] * scale[row])),
    clean(origin[row] * signs[row] * scale[row]),
  ]
  const affine = [...at(0), ...at(1), ...at(2), 0, 0, 0, 1]
  if (!(Math.abs(affineDeterminant(affine)) > 1e-12)) {
    throw badFile(fileName, 'the field "space directions" gives voxels without a volume.')
  }
  return {
    grid: createGrid([dims[0], dims[1], dims[2]], affine),
    frames: frameAxis < 0 ? 1 : lengths[frameAxis],
    interleaved: frameAxis === 0,
  }
}

const clean = (value: number): number => (value === 0 ? 0 : value)

function wholeNumber(word: string, field: string, fileName: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word)
  throw badFile(
    fileName,
    `the field "${field}" holds ${JSON.stringify(word.slice(0, 40))}, no whole number.`,
  )
}

/** "(1,0,0)" or "none" for each axis; null where the field is absent. */
function directionsOf(
  value: string | undefined,
  dimension: number,
  fileName: string,
): (Triple | null)[] | null {
  if (value === undefined) return null
  const words = value.match(/none|\([^)]*\)/gi) ?? []
  if (words.length !== dimension) {
    throw badFile(
      fileName,
      `the field "space directions" names ${words.length} of ${dimension} axes.`,
    )
  }
  return words.map((word) =>
    word.toLowerCase() === 'none' ? null : vectorOf(word, 'space directions', fileName),
  )
}

function vectorOf(word: string, field: string, fileName: string): Triple {
  const numbers = word
    .replace(/[()]/g, '')
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)))
  const isVector = numbers.length === 3 && numbers.every(Number.isFinite)
  if (!isVector) {
    throw badFile(
      fileName,
      `the field "${field}" holds ${JSON.stringify(word.slice(0, 60))}, which is no position in space.`,
    )
  }
  return [numbers[0], numbers[1], numbers[2]]
}

/** Which of four axes is not one of space: the one without a direction, or of a kind such as "list" or "vector". */
function frameAxisOf(
  kinds: string | undefined,
  vectors: (Triple | null)[] | null,
  fileName: string,
): number {
  const names = (kinds ?? '').toLowerCase().split(/\s+/)
  const candidates = [0, 1, 2, 3].filter((axis) =>
    vectors
      ? vectors[axis] === null
      : names[axis] !== undefined && !['domain', 'space', '???', 'none', ''].includes(names[axis]),
  )
  const axis = candidates.length === 1 ? candidates[0] : vectors ? -1 : 3
  if (axis !== 0 && axis !== 3) {
    throw badFile(
      fileName,
      'has four axes, and the first or the last of them is not marked as a list ("none" in "space directions").',
      'Save one volume a file.',
    )
  }
  return axis
}

function refuseNone(fileName: string): never {
  throw badFile(
    fileName,
    'the field "space directions" leaves an axis of space without a direction.',
  )
}

function defaultDirections(spacings: string | undefined, spatial: readonly number[]): Triple[] {
  const numbers = (spacings ?? '').split(/\s+/).map(Number)
  return spatial.map((axis, place): Triple => {
    const spacing = numbers[axis] > 0 && Number.isFinite(numbers[axis]) ? numbers[axis] : 1
    return [place === 0 ? spacing : 0, place === 1 ? spacing : 0, place === 2 ? spacing : 0]
  })
}

const cross = (a: Triple, b: Triple): Triple => {
  const product: Triple = [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ]
  const length = Math.hypot(...product) || 1
  return [product[0] / length, product[1] / length, product[2] / length]
}

const originOf = (value: string | undefined, fileName: string): Triple =>
  value === undefined ? [0, 0, 0] : vectorOf(value, 'space origin', fileName)

function signsOf(space: string | undefined, fileName: string, warnings: string[]): Triple {
  const known = space === undefined ? undefined : SPACES.get(space.toLowerCase())
  if (known) return known
  if (space !== undefined && /time/i.test(space)) {
    throw badFile(fileName, `the field "space" is "${space}"; only spaces without time are read.`)
  }
  warnings.push(
    space === undefined
      ? 'The file does not say left from right (no field "space"); LPS was taken, as 3D Slicer does.'
      : `The space "${space}" does not say left from right; LPS was taken, as 3D Slicer does.`,
  )
  return [-1, -1, 1]
}

function scaleOf(units: string | undefined, fileName: string): Triple {
  const words = [...(units ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1].toLowerCase())
  const scale = [0, 1, 2].map((axis) => {
    const word = words[axis] ?? ''
    const mm = word === '' ? 1 : UNIT_MM.get(word)
    if (mm === undefined)
      throw badFile(fileName, `the field "space units" names "${word}", no known length.`)
    return mm
  })
  return [scale[0], scale[1], scale[2]]
}
