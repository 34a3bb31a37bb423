import { LABELS, type LabelConvention } from '../../contract/anatomy.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { canonicalLabels, composeRegions, labelsOfName } from '../labelmap/index.ts'
import { badFile, voxelCount, type ReadCompanion, type Volume } from '../volume/index.ts'
import { readImage, type ImageFile } from './readImage.ts'

/** Which canonical labels each stored value can mean: one for a class, several for a region. */
export type LabelLookup = ReadonlyMap<number, readonly number[]>

/** A segmentation of any format in canonical labels. */
export interface Segmentation {
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
  readonly convention: LabelConvention
  readonly format: ImageFile['format']
  /** How the values were understood, in words. */
  readonly reading: string
  /** True where file and labels differ only by the convention, so that a NIfTI may be kept as it came. */
  readonly isPlain: boolean
  readonly warnings: readonly string[]
}

/**
 * Reads a segmentation: the segments of a `.seg.nrrd` by their names and codes, values by a lookup table where the data
 * set has one, else 0–4 by the BraTS conventions.
 *
 * @throws GliadeskError BAD_FILE for values or segments whose meaning is unclear; what `companion` throws
 */
export async function readSegmentation(
  bytes: Uint8Array,
  fileName: string,
  options: {
    readonly conventionIfAbsent: LabelConvention
    readonly lookup?: LabelLookup
    readonly companion?: ReadCompanion
  },
): Promise<Segmentation> {
  const file = await readImage(bytes, fileName, options.companion)
  const { volumes, segments, format, warnings } = file
  const common = { grid: volumes[0].grid, format, warnings }
  if (segments.length > 0) {
    const labels = fromSegments(file, fileName)
    if (labels) {
      const reading = `segments by name: ${segments.map(({ name }) => name).join(', ')}`
      return { ...common, labels, convention: 'et3', reading, isPlain: false }
    }
  }
  if (volumes.length !== 1) {
    throw badFile(fileName, `holds ${volumes.length} volumes; a segmentation is one.`)
  }
  if (options.lookup) {
    const labels = byLookup(volumes[0], options.lookup, fileName)
    return {
      ...common,
      labels,
      convention: 'et3',
      reading: 'values by the table of the data set',
      isPlain: false,
    }
  }
  const { labels, convention } = canonicalLabels(
    volumes[0].voxels,
    fileName,
    options.conventionIfAbsent,
  )
  const reading = convention === 'et4' ? 'values with ET = 4' : 'values with ET = 3'
  return { ...common, labels, convention, reading, isPlain: format === 'nifti' }
}

/** Null where no segment's name tells a class, so that the values may. */
function fromSegments(file: ImageFile, fileName: string): Uint8Array | null {
  const known = file.segments.map((segment) => ({
    segment,
    labels: labelsOfName(segment.name) ?? labelsOfTags(segment.tags),
  }))
  const strangers = known.filter(({ labels }) => labels === null)
  if (strangers.length === known.length) return null
  if (strangers.length > 0) {
    throw badFile(
      fileName,
      `has segments whose meaning is unclear: ${strangers.map(({ segment }) => segment.name).join(', ')}.`,
      'Name every segment NCR, ED or ET (or whole tumour, tumour core), or remove those that are something else.',
    )
  }
  const parts = known.map(({ segment, labels }) => {
    const layer = file.volumes[segment.layer] as Volume | undefined
    if (!layer)
      throw badFile(fileName, `puts the segment "${segment.name}" into a layer that it lacks.`)
    const mask = new Uint8Array(layer.voxels.length)
    for (let i = 0; i < mask.length; i++) mask[i] = layer.voxels[i] === segment.value ? 1 : 0
    return { labels: labels ?? [], mask }
  })
  return composeRegions(voxelCount(file.volumes[0].grid.dims), parts)
}

/** The type of a terminology entry; its category and the list it is from say nothing of the class. */
function labelsOfTags(tags: string): readonly number[] | null {
  const entry = /TerminologyEntry:([^|]*)/.exec(tags)?.[1].split('~')
  return entry?.[2] === undefined ? null : labelsOfName(entry[2])
}

function byLookup(volume: Volume, lookup: LabelLookup, fileName: string): Uint8Array {
  const { voxels } = volume
  const table = new Map([...lookup].map(([value, labels]) => [value, labelOf(labels)]))
  const labels = new Uint8Array(voxels.length)
  for (let i = 0; i < labels.length; i++) {
    const value = voxels[i]
    if (value === 0) continue
    const label = table.get(value)
    if (label === undefined) {
      throw badFile(
        fileName,
        `holds the value ${value}, which the data set's own table of labels does not name.`,
        'Add the value to dataset.json (or to the dseg.tsv beside the images), or correct the segmentation.',
      )
    }
    labels[i] = label
  }
  return labels
}

/** A value that stands for a region by itself is what the more specific values leave over of it. */
const labelOf = (labels: readonly number[]): number =>
  labels.length === 0 ? LABELS.background : labels.length === 3 ? LABELS.edema : labels[0]
