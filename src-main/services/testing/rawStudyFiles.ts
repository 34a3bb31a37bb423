import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SEQUENCES, type Sequence } from '../../contract/index.ts'
import { directionOf, indexToWorld, invertAffine } from '../../imaging/geometry/index.ts'
import { writeLabelmap } from '../../imaging/labelmap/index.ts'
import { writeNifti } from '../../imaging/nifti/index.ts'
import { resampleLabels } from '../../imaging/preparation/index.ts'
import type { RawStudy } from '../../imaging/preparation/testing/rawStudy.ts'
import { mrSlice } from '../../imaging/dicom/testing/mrSlices.ts'
import { writeDicom } from '../../imaging/dicom/testing/writeDicom.ts'
import { STUDY_SERIES } from './dicomStudy.ts'

/** The true label of a raw study on the grid that a sequence was taken on. */
export function truthOn(study: RawStudy, sequence: Sequence): Uint8Array {
  const { grid, referenceToSequence } = study.sequences[sequence]
  const { head } = study
  return resampleLabels(
    { grid: head.grid, labels: head.labels },
    grid,
    invertAffine(referenceToSequence),
  )
}

/**
 * Writes a raw study as NIfTI files of BraTS' names, `NAME/NAME_SEQUENCE.nii.gz`, with the true label as drawn on one of
 * its grids. Each header's description names its sequence.
 */
export async function writeRawStudy(
  root: string,
  name: string,
  study: RawStudy,
  labelOn: Sequence | null,
): Promise<void> {
  await mkdir(join(root, name), { recursive: true })
  const save = (suffix: string, bytes: Uint8Array): Promise<void> =>
    writeFile(join(root, name, `${name}_${suffix}.nii.gz`), bytes)
  for (const sequence of SEQUENCES) {
    const { grid, voxels } = study.sequences[sequence]
    const image = { grid, voxels, voxelType: 'int16', gzip: true, description: sequence } as const
    await save(sequence, await writeNifti(image))
  }
  if (!labelOn) return
  const { grid } = study.sequences[labelOn]
  const labels = truthOn(study, labelOn)
  await save('seg', await writeLabelmap({ labels, grid, convention: 'et4' }))
}

const SERIES_OF = { flair: 0, t1: 1, t1ce: 2, t2: 3 } as const satisfies Record<Sequence, number>
/** A decimal string holds 16 characters. */
const decimals = (values: readonly number[]): number[] =>
  values.map((value) => Number(value.toFixed(7)))

/** Sequences of a raw study as the slices of one DICOM study: name to bytes. */
export function rawSeriesFiles(
  study: RawStudy,
  sequences: readonly Sequence[],
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  for (const sequence of sequences) {
    const { grid, voxels } = study.sequences[sequence]
    const [columns, rows, slices] = grid.dims
    const number = SERIES_OF[sequence] + 1
    const { description, tr, te, agent } = STUDY_SERIES[SERIES_OF[sequence]]
    const axes = directionOf(grid.indexToWorld)
    // DICOM's world runs to the left and to the back.
    const toLps = (axis: number): number[] => [-axes[axis], -axes[3 + axis], axes[6 + axis]]
    for (let k = 0; k < slices; k++) {
      const [x, y, z] = indexToWorld(grid, [0, 0, k])
      const [px, py, pz] = decimals([-x, -y, z])
      const area = rows * columns
      const slice = mrSlice({
        rows,
        columns,
        description,
        seriesNumber: number,
        seriesUid: `1.2.${number}`,
        instanceNumber: k + 1,
        positionMm: [px, py, pz],
        orientation: decimals([...toLps(0), ...toLps(1)]),
        pixelSpacingMm: [grid.spacingMm[1], grid.spacingMm[0]],
        values: [...voxels.subarray(k * area, (k + 1) * area)],
        more: {
          0x0018_0010: ['LO', agent],
          0x0018_0050: ['DS', String(Number(grid.spacingMm[2].toFixed(7)))],
          0x0018_0080: ['DS', tr],
          0x0018_0081: ['DS', te],
        },
      })
      files.set(`S${number}/IM${String(k + 1).padStart(4, '0')}`, writeDicom(slice))
    }
  }
  return files
}
