import { LABELS } from '../../contract/anatomy.ts'
import type { LabelConvention } from '../../contract/anatomy.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { readNifti } from '../nifti/index.ts'
import type { NiftiHeader } from '../nifti/index.ts'
import { badFile } from '../volume/index.ts'
import type { Voxels } from '../volume/index.ts'
import { detectConvention, ENHANCING_ON_DISK } from './labelConvention.ts'

/** A labelmap in canonical values (0 background, 1 NCR, 2 ED, 3 ET) and how it was stored. */
export interface Labelmap {
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
  readonly convention: LabelConvention
  readonly header: NiftiHeader
}

/** Values may be off by this much where a tool stored labels as floating point numbers. */
const ROUNDING_TOLERANCE = 1e-3
const LARGEST_VALUE = 4
const VALUES_SHOWN = 8

/**
 * Reads a labelmap and finds its convention: ET = 4 (BraTS up to 2022) where the value 4 occurs, ET = 3 (from
 * 2023) where 3 occurs. Values are never guessed at: anything but 0–4, or 3 and 4 together, is refused with the
 * values and their counts.
 *
 * @param conventionIfAbsent what a labelmap without enhancing tumour counts as
 * @throws GliadeskError BAD_FILE
 */
export async function readLabelmap(
  bytes: Uint8Array,
  fileName: string,
  conventionIfAbsent: LabelConvention = 'et4',
): Promise<Labelmap> {
  const { volume, header } = await readNifti(bytes, fileName)
  return {
    ...canonicalLabels(volume.voxels, fileName, conventionIfAbsent),
    grid: volume.grid,
    header,
  }
}

/**
 * Canonical labels of voxels that hold 0–4, with the convention found as `readLabelmap` does.
 *
 * @throws GliadeskError BAD_FILE for any other value, or for 3 and 4 together
 */
export function canonicalLabels(
  voxels: Voxels,
  fileName: string,
  conventionIfAbsent: LabelConvention,
): { labels: Uint8Array; convention: LabelConvention } {
  const counts = countValues(voxels)
  refuseUnknownValues(counts, fileName)
  const convention = detectConvention(counts) ?? conventionIfAbsent
  return { labels: toCanonicalLabels(voxels, convention), convention }
}

/** How often each value occurs, whole numbers gathered within the rounding tolerance. */
function countValues(voxels: Voxels): Map<number, number> {
  const small = new Float64Array(LARGEST_VALUE + 1)
  const others = new Map<number, number>()
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]
    const whole = Math.round(value)
    const isLabel =
      whole >= 0 && whole <= LARGEST_VALUE && Math.abs(value - whole) <= ROUNDING_TOLERANCE
    if (isLabel) small[whole]++
    else if (others.size < 1000 || others.has(value))
      others.set(value, (others.get(value) ?? 0) + 1)
  }
  const counts = new Map<number, number>()
  small.forEach((count, value) => {
    if (count > 0) counts.set(value, count)
  })
  for (const [value, count] of others) counts.set(value, count)
  return counts
}

function refuseUnknownValues(counts: ReadonlyMap<number, number>, fileName: string): void {
  const unknown = [...counts.keys()].filter(
    (value) => !Number.isInteger(value) || value < 0 || value > LARGEST_VALUE,
  )
  if (unknown.length > 0) {
    const plural = unknown.length === 1 ? 'the value' : 'the values'
    throw badFile(
      fileName,
      `as a labelmap it may hold only 0, 1, 2 and 3 or 4, but has ${plural} ${describe(unknown)}. Found: ${describeCounts(counts)}.`,
      'Choose the segmentation, not an image, and map its values to 1 NCR, 2 ED and 4 (or 3) ET.',
    )
  }
  if (counts.has(ENHANCING_ON_DISK.et3) && counts.has(ENHANCING_ON_DISK.et4)) {
    throw badFile(
      fileName,
      `holds both 3 and 4, so it is unclear which of them is enhancing tumour. Found: ${describeCounts(counts)}.`,
      'Keep one of them as enhancing tumour (4 as in BraTS up to 2022, or 3 as from 2023) and merge or remove the other.',
    )
  }
}

function describe(values: readonly number[]): string {
  const shown = [...values].sort((a, b) => a - b).slice(0, VALUES_SHOWN)
  const more = values.length - shown.length
  return shown.map(formatValue).join(', ') + (more > 0 ? ` and at least ${more} more` : '')
}

function describeCounts(counts: ReadonlyMap<number, number>): string {
  const entries = [...counts].sort(([a], [b]) => a - b)
  const shown = entries
    .slice(0, VALUES_SHOWN)
    .map(
      ([value, count]) => `${formatValue(value)} (${count === 1 ? '1 voxel' : `${count} voxels`})`,
    )
  return shown.join(', ') + (entries.length > VALUES_SHOWN ? ', …' : '')
}

const formatValue = (value: number): string => String(Number(value.toPrecision(6)))

function toCanonicalLabels(voxels: Voxels, convention: LabelConvention): Uint8Array {
  const canonical = new Uint8Array([
    LABELS.background,
    LABELS.necrosis,
    LABELS.edema,
    LABELS.enhancing,
    LABELS.enhancing,
  ])
  const labels = new Uint8Array(voxels.length)
  if (convention === 'et3' && voxels instanceof Uint8Array) {
    labels.set(voxels)
    return labels
  }
  for (let i = 0; i < labels.length; i++) labels[i] = canonical[Math.round(voxels[i])]
  return labels
}
