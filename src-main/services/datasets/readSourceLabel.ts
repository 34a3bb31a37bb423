import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { LabelConvention, VolumeGrid } from '../../contract/index.ts'
import { readSegmentation, type LabelLookup } from '../../imaging/formats/index.ts'
import { placeOnGrid, sameGrid } from '../../imaging/geometry/index.ts'
import { writeLabelmap } from '../../imaging/labelmap/index.ts'
import { sha256Of, type Workspace } from '../../storage/index.ts'
import { recordProvenance } from '../provenance/index.ts'
import { companionsOf } from './readSourceImage.ts'

/** A segmentation that came with a case, as the workspace keeps it. */
export interface SourceLabel {
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
  readonly convention: LabelConvention
  /** A `.nii.gz`: the file as it came where it is a plain NIfTI, else written anew. */
  readonly fileBytes: Uint8Array
  readonly warnings: readonly string[]
}

/**
 * Reads a segmentation of any format. One that was cropped to its content, as 3D Slicer saves it, is put back on the
 * grid of the images; one on another grid keeps its own.
 *
 * @param caseGrid the grid of the images
 * @throws GliadeskError BAD_FILE
 */
export async function readSourceLabel(
  workspace: Workspace,
  path: string,
  caseGrid: VolumeGrid,
  options: { readonly conventionIfAbsent: LabelConvention; readonly lookup?: LabelLookup },
): Promise<SourceLabel> {
  const bytes = await readFile(path)
  const companions = companionsOf(path)
  const read = await readSegmentation(bytes, basename(path), {
    ...options,
    companion: companions.read,
  })
  const { convention, warnings } = read
  if (read.isPlain) {
    const { labels, grid } = read
    return { labels, grid, convention, fileBytes: asGzip(bytes), warnings }
  }
  const placed = sameGrid(read.grid, caseGrid)
    ? read.labels
    : placeOnGrid(read.labels, read.grid, caseGrid)
  const labels = placed ?? read.labels
  const grid = placed ? caseGrid : read.grid
  const fileBytes = await writeLabelmap({ labels, grid, convention })
  recordProvenance(workspace.database, {
    objectSha256: sha256Of(fileBytes),
    operation: 'convert a segmentation to NIfTI',
    sources: [{ path, sha256: sha256Of(bytes) }, ...companions.sources],
    parameters: { format: read.format, reading: read.reading, convention },
  })
  return { labels, grid, convention, fileBytes, warnings }
}

const asGzip = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes : gzipSync(bytes)
