import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  GliadeskError,
  SEQUENCES,
  type CaseMeasure,
  type ImageMeasure,
  type LabelConvention,
  type MirrorFit,
  type Sequence,
} from '../../contract/index.ts'
import { sameGrid } from '../../imaging/geometry/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import {
  coarsen,
  isStripped,
  measureIntensities,
  mirrorFit,
  type CoarseImage,
} from '../../imaging/quality/index.ts'
import type { Volume } from '../../imaging/volume/index.ts'
import { sha256Of } from '../../storage/index.ts'

/** What the thread needs of a case: files to read and the hashes that they had. */
export interface MeasureTask {
  readonly images: Partial<Record<Sequence, { readonly file: string; readonly sha256: string }>>
  readonly label: { readonly file: string; readonly convention: LabelConvention } | null
}

/** Part of what measurements are remembered by: raise it when they change. */
export const MEASURE_VERSION = 1

/**
 * Reads every voxel of a case once: intensities, header oddities, how well the sequences fit as they are and mirrored,
 * and how much of the label lies outside every stripped image. A file that cannot be read is told, never thrown.
 */
export async function measureCaseFiles(task: MeasureTask): Promise<CaseMeasure> {
  const images: Partial<Record<Sequence, ImageMeasure>> = {}
  const coarse: [Sequence, CoarseImage][] = []
  const stripped: Volume[] = []
  const headerWarnings: CaseMeasure['headerWarnings'] = []
  const unreadable: CaseMeasure['unreadable'] = []
  for (const sequence of SEQUENCES) {
    const source = task.images[sequence]
    if (!source) continue
    try {
      const bytes = await readFile(source.file).catch(() => null)
      // That a file is gone is found without measuring, and may be put right by relocation.
      if (bytes === null) continue
      if (sha256Of(bytes) !== source.sha256) {
        const message = `${source.file} holds something else than when it was imported.`
        unreadable.push({ sequence, message })
        continue
      }
      const { volume, header } = await readNifti(bytes, basename(source.file))
      for (const message of header.warnings) headerWarnings.push({ sequence, message })
      const measure = measureIntensities(volume.voxels)
      images[sequence] = measure
      if (isStripped(measure)) stripped.push(volume)
      coarse.push([sequence, coarsen(volume)])
    } catch (error) {
      if (!(error instanceof GliadeskError)) throw error
      unreadable.push({ sequence, message: error.message })
    }
  }
  const fits: MirrorFit[] = []
  for (const [index, [first, a]] of coarse.entries()) {
    for (const [second, b] of coarse.slice(index + 1)) {
      const fit = mirrorFit(a, b)
      if (fit) fits.push({ first, second, ...fit })
    }
  }
  const tumourOutside = await shareOutside(task.label, stripped)
  return { images, fits, tumourOutside, headerWarnings, unreadable }
}

async function shareOutside(
  label: MeasureTask['label'],
  stripped: readonly Volume[],
): Promise<number | null> {
  const bytes = label && (await readFile(label.file).catch(() => null))
  if (!label || !bytes) return null
  const { labels, grid } = await readLabelmap(bytes, basename(label.file), label.convention)
  const shown = stripped.filter((volume) => sameGrid(volume.grid, grid))
  let tumour = 0
  let outside = 0
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue
    tumour++
    if (shown.every(({ voxels }) => voxels[i] === 0)) outside++
  }
  return shown.length === 0 || tumour === 0 ? null : outside / tumour
}
