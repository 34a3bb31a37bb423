import {
  GliadeskError,
  SEQUENCE_TITLES,
  type DicomSource,
  type Sequence,
  type VolumeGrid,
} from '../../contract/index.ts'
import { planesOfGrid, planesOfSource, type ImagePlanes } from '../../imaging/dicom/index.ts'
import { invertAffine, sameGrid } from '../../imaging/geometry/index.ts'
import { resampleLabels } from '../../imaging/preparation/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { dicomSourceOf, listDicomSeries } from '../datasets/dicom/index.ts'
import { appliedPreparation } from '../preparation/index.ts'

/** What labels are written on: the source's own planes, and the labels of each of them. */
export interface ExportPlanes {
  readonly planes: ImagePlanes
  /** On the planes: voxel (i, j, k) is column i, row j of plane k. */
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
  /** Null for a case that did not come as DICOM. */
  readonly source: DicomSource | null
}

/** Enhancing tumour is drawn on T1ce; the others follow by how well they show the tumour. */
const PREFERRED: readonly Sequence[] = ['t1ce', 'flair', 't2', 't1']

/**
 * Finds the planes to write a version on. A DICOM case: the slices of a series, exactly as their headers have them; where
 * the case was prepared, its labels are carried back through the rigid transform onto that series' own grid. Any other
 * case: the planes of its grid.
 *
 * @param drawn the version's labels and their grid
 * @throws GliadeskError WRONG_STATE where the case has no such series, or the labels lie on none of its grids
 */
export function exportPlanes(
  { database }: Workspace,
  caseId: string,
  drawn: { readonly labels: Uint8Array; readonly grid: VolumeGrid },
  wanted: Sequence | undefined,
): ExportPlanes {
  const series = listDicomSeries(database, caseId)
  const record = appliedPreparation(database, caseId)
  const isCandidate = (sequence: Sequence): boolean =>
    record
      ? record.sequences[sequence] !== undefined
      : series.some(
          (found) =>
            found.sequence === sequence &&
            found.state !== 'spare' &&
            sameGrid(found.grid, drawn.grid),
        )
  if (series.length === 0) {
    return {
      planes: planesOfGrid(drawn.grid),
      labels: drawn.labels,
      grid: drawn.grid,
      source: null,
    }
  }
  const sequence = wanted ?? PREFERRED.find(isCandidate)
  const found = series.find((one) => one.sequence === sequence && one.state !== 'spare')
  const source = sequence && dicomSourceOf(database, caseId, sequence)
  if (!sequence || !found || !source || !isCandidate(sequence)) {
    throw new GliadeskError(
      'WRONG_STATE',
      sequence
        ? `The labels cannot be written on the slices of ${SEQUENCE_TITLES[sequence]}: the case has no such series, or it lies on another grid than the labels.`
        : 'The labels lie on the grid of none of this case’s series.',
      'Choose another sequence, or prepare the case first, which relates the grids.',
    )
  }
  const made = record?.sequences[sequence]
  const grid = made ? made.source.grid : drawn.grid
  const labels = made
    ? resampleLabels(drawn, grid, invertAffine(made.preparedToSource))
    : drawn.labels
  const planes = planesOfSource(source)
  const dims = [planes.columns, planes.rows, planes.slices.length]
  if (dims.some((length, axis) => length !== grid.dims[axis])) {
    throw new GliadeskError(
      'WRONG_STATE',
      `The series has ${dims.join(' × ')} pixels, but the labels lie on ${grid.dims.join(' × ')} voxels.`,
      'Import the study again.',
    )
  }
  return { planes, labels, grid, source }
}
