import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import type { DicomSource, SourceImage, VolumeGrid } from '../../../contract/index.ts'
import {
  assembleVolume,
  planeOf,
  type DicomInstance,
  type SliceStack,
} from '../../../imaging/dicom/index.ts'
import { readNiftiHeader, writeNifti } from '../../../imaging/nifti/index.ts'
import type { Workspace } from '../../../storage/index.ts'
import { recordProvenance } from '../../provenance/index.ts'
import type { SeriesCandidate } from './findStudies.ts'
import type { SourceFile } from './sourceFile.ts'

/** A series made into a volume of the workspace. */
export interface ConvertedSeries {
  readonly candidate: SeriesCandidate
  readonly objectSha256: string
  /** As the NIfTI has it: 4-byte floats. */
  readonly grid: VolumeGrid
  readonly plane: 'axial' | 'coronal' | 'sagittal'
  readonly source: DicomSource
  /** Where the slices lie, and the hash of their files' hashes. */
  readonly origin: Pick<SourceImage, 'path' | 'sha256'>
}

export interface ConvertOptions {
  readonly fileOf: ReadonlyMap<DicomInstance, SourceFile>
  readonly onSlice: (done: number) => void
  readonly signal?: AbortSignal
}

const HASHED_AT_A_TIME = 8
/** Fast rather than small: half of the size is won at this level already. */
const GZIP_LEVEL = 1

/**
 * Reads the pixels of a series and stores them as NIfTI, with physical values as the headers define them and with the
 * series' own geometry. The NIfTI holds nothing of the header but that; UIDs are kept apart from it.
 *
 * @throws GliadeskError BAD_FILE, DISK_FULL, READ_ONLY; the signal's reason when cancelled
 */
export async function convertSeries(
  workspace: Workspace,
  candidate: SeriesCandidate,
  { fileOf, onSlice, signal }: ConvertOptions,
): Promise<ConvertedSeries> {
  const { stack } = candidate
  const volume = await assembleVolume(stack, { onSlice, signal })
  const bytes = await writeNifti({
    grid: volume.grid,
    voxels: volume.voxels,
    voxelType: volume.voxelType,
    gzip: true,
    gzipLevel: GZIP_LEVEL,
    description: 'Gliadesk, from DICOM',
  })
  const source = await describeSource(stack, fileOf)
  const objectSha256 = await workspace.objects.put(bytes)
  const whole = createHash('sha256')
  for (const { sha256 } of source.files) whole.update(sha256)
  const [first] = stack.slices
  const origin = {
    path: folderOf(fileOf.get(first.instance)),
    sha256: whole.digest('hex'),
  }
  recordProvenance(workspace.database, {
    objectSha256,
    operation: 'convert DICOM to NIfTI',
    sources: [origin],
    parameters: {
      series: source.seriesInstanceUid,
      slices: stack.slices.length,
      rescale: stack.slices.every(({ slope }) => slope === 1) ? 'whole numbers' : 'per slice',
      indexToWorld: volume.grid.indexToWorld,
    },
  })
  return {
    candidate,
    objectSha256,
    grid: readNiftiHeader(bytes, 'volume.nii.gz').grid,
    plane: planeOf(first.orientation),
    source,
    origin,
  }
}

/** A folder of slices; the file itself where one file holds all, or the archive. */
function folderOf(file: SourceFile | undefined): string {
  if (!file) return ''
  return file.path.endsWith(file.relativePath) ? dirname(file.path) : file.path
}

async function describeSource(
  { slices }: SliceStack,
  fileOf: ReadonlyMap<DicomInstance, SourceFile>,
): Promise<DicomSource> {
  const indexOf = new Map<DicomInstance, number>()
  const sources: SourceFile[] = []
  for (const { instance } of slices) {
    const file = fileOf.get(instance)
    if (indexOf.has(instance) || !file) continue
    indexOf.set(instance, sources.length)
    sources.push(file)
  }
  const files: { path: string; sha256: string }[] = []
  for (let start = 0; start < sources.length; start += HASHED_AT_A_TIME) {
    const some = sources.slice(start, start + HASHED_AT_A_TIME).map(async (file) => ({
      path: file.relativePath,
      sha256: await file.sha256(),
    }))
    files.push(...(await Promise.all(some)))
  }
  const middle = slices[Math.floor(slices.length / 2)]
  const { instance } = middle
  return {
    studyInstanceUid: instance.studyUid,
    seriesInstanceUid: instance.seriesUid,
    sopClassUid: instance.sopClassUid,
    frameOfReferenceUid: instance.frameOfReferenceUid,
    modality: instance.modality,
    studyDate: instance.studyDate,
    seriesNumber: instance.seriesNumber,
    seriesDescription: middle.hints.seriesDescription,
    rows: instance.pixels.rows,
    columns: instance.pixels.columns,
    orientation: [...middle.orientation],
    pixelSpacingMm: [middle.pixelSpacingMm[0], middle.pixelSpacingMm[1]],
    // Of a turned image the window would have to be turned too, about a value that nobody states.
    window: instance.pixels.inverted ? null : middle.window,
    files,
    slices: slices.map((frame) => ({
      sopInstanceUid: frame.instance.sopInstanceUid,
      frameNumber: frame.instance.pixels.frameCount > 1 ? frame.index + 1 : null,
      positionMm: [frame.positionMm[0], frame.positionMm[1], frame.positionMm[2]],
      file: indexOf.get(frame.instance) ?? 0,
    })),
  }
}
