import { GliadeskError, SEQUENCES, type VolumeGrid } from '../../contract/index.ts'
import {
  planesOfSource,
  readSegmentationLabels,
  type ImagePlanes,
  type SegmentationObject,
} from '../../imaging/dicom/index.ts'
import { sameGrid } from '../../imaging/geometry/index.ts'
import { resampleLabels } from '../../imaging/preparation/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { dicomSourceOf, dicomSourcesOf, listDicomSeries } from '../datasets/dicom/index.ts'
import { appliedPreparation } from '../preparation/index.ts'

/**
 * The labels of a segmentation on the grid of a case, voxel for voxel. In a prepared case a segmentation of one of its
 * original series is read on that series' grid and carried over by the preparation's transform.
 *
 * @throws GliadeskError BAD_INPUT where it was drawn on other images than those of the case
 */
export async function labelsForCase(
  workspace: Workspace,
  caseId: string,
  grid: VolumeGrid,
  object: SegmentationObject,
  mapping: ReadonlyMap<number, readonly number[]>,
): Promise<Uint8Array> {
  const { database } = workspace
  refuseOtherImages(workspace, caseId, object)
  const record = appliedPreparation(database, caseId)
  const sequence = SEQUENCES.find((one) => {
    const source = record?.sequences[one] && dicomSourceOf(database, caseId, one)
    return source && object.referencedSeriesUids.includes(source.seriesInstanceUid)
  })
  const made = sequence && record?.sequences[sequence]
  const drawnOn = made ? made.source.grid : grid
  const series = planesOn(workspace, caseId, drawnOn)
  const { labels } = await readSegmentationLabels(object, drawnOn, { mapping, series })
  if (!made) return labels
  return resampleLabels({ grid: made.source.grid, labels }, grid, made.preparedToSource)
}

/** The slices of every series of the case whose volume lies on a grid. */
function planesOn({ database }: Workspace, caseId: string, grid: VolumeGrid): ImagePlanes[] {
  return listDicomSeries(database, caseId).flatMap((series) => {
    if (series.sequence === null || series.state === 'spare' || !sameGrid(series.grid, grid)) {
      return []
    }
    const source = dicomSourceOf(database, caseId, series.sequence)
    return source ? [planesOfSource(source)] : []
  })
}

/** Two scans of one size can lie at the same place by chance: only the UIDs tell patients apart. */
function refuseOtherImages(
  { database }: Workspace,
  caseId: string,
  { name, frameOfReferenceUid, referencedSeriesUids }: SegmentationObject,
): void {
  const sources = dicomSourcesOf(database, caseId)
  const isOurs = sources.some(
    (source) =>
      (frameOfReferenceUid !== null && source.frameOfReferenceUid === frameOfReferenceUid) ||
      referencedSeriesUids.includes(source.seriesInstanceUid),
  )
  if (sources.length === 0 || isOurs) return
  throw new GliadeskError(
    'BAD_INPUT',
    `${name} was drawn on images of another scan: neither its series nor its frame of reference is one of this case.`,
    'Choose a segmentation of this study.',
  )
}
