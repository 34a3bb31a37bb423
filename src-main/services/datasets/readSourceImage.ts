import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GliadeskError, type ProvenanceSource, type SourceImage } from '../../contract/index.ts'
import { FORMAT_TITLES, readImage } from '../../imaging/formats/index.ts'
import { readNiftiHeader, writeNifti } from '../../imaging/nifti/index.ts'
import type { ReadCompanion } from '../../imaging/volume/index.ts'
import { sha256Of, type Workspace } from '../../storage/index.ts'
import { recordProvenance } from '../provenance/index.ts'

/** Reads files beside a header and remembers what was read, for the provenance. */
export function companionsOf(path: string): {
  readonly read: ReadCompanion
  readonly sources: ProvenanceSource[]
} {
  const sources: ProvenanceSource[] = []
  const read: ReadCompanion = async (name) => {
    const beside = join(dirname(path), name)
    const bytes = await readFile(beside)
    sources.push({ path: beside, sha256: sha256Of(bytes) })
    return bytes
  }
  return { read, sources }
}

/**
 * Reads an image of a case. A NIfTI of one volume is read where it lies; of any other format, and of one volume out of
 * several, the workspace keeps a NIfTI with its provenance.
 *
 * @param frame which volume of a file that holds several; undefined where it holds one
 * @param warnings gets the oddities that were put right
 * @throws GliadeskError BAD_FILE; DISK_FULL, READ_ONLY where the NIfTI cannot be kept
 */
export async function readSourceImage(
  workspace: Workspace,
  path: string,
  frame: number | undefined,
  warnings: string[],
): Promise<SourceImage> {
  const bytes = await readFile(path)
  const name = basename(path)
  const sha256 = sha256Of(bytes)
  const companions = companionsOf(path)
  const file = await readImage(bytes, name, companions.read)
  warnings.push(...file.warnings)
  const { volumes, format } = file
  if (frame === undefined && volumes.length > 1) {
    throw new GliadeskError(
      'BAD_FILE',
      `${name}: holds ${volumes.length} volumes of ${volumes[0].grid.dims.join(' × ')}; one volume a file is expected.`,
      'Split the file into one file a sequence, then import the folder.',
    )
  }
  const volume = volumes.at(frame ?? 0)
  if (!volume || (frame ?? 0) >= volumes.length) {
    throw new GliadeskError(
      'BAD_FILE',
      `${name}: holds ${volumes.length} volumes, so there is no volume ${(frame ?? 0) + 1}.`,
      'Correct the list of sequences in dataset.json, then import the folder again.',
    )
  }
  if (format === 'nifti' && volumes.length === 1) return { path, sha256, grid: volume.grid }
  const made = await writeNifti({ ...volume, gzip: true, gzipLevel: 4 })
  const objectSha256 = await workspace.objects.put(made)
  recordProvenance(workspace.database, {
    objectSha256,
    operation: `convert ${FORMAT_TITLES[format]} to NIfTI`,
    sources: [{ path, sha256 }, ...companions.sources],
    parameters: { volume: frame ?? 0, volumes: volumes.length, voxelType: volume.voxelType },
  })
  return { path, sha256, grid: readNiftiHeader(made, name).grid, objectSha256 }
}
