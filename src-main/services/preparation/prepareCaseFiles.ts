import { mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  GliadeskError,
  type PreparationPlan,
  type PreparationRecord,
  type PreparedSequence,
  type Sequence,
  type SourceImage,
} from '../../contract/index.ts'
import { readNifti, writeNifti } from '../../imaging/nifti/index.ts'
import { prepareStudy } from '../../imaging/preparation/index.ts'
import type { Volume } from '../../imaging/volume/index.ts'
import { nodeFileSystem, sha256Of, writeFileAtomically } from '../../storage/index.ts'

/** What a worker thread is handed. */
export interface PreparationTask {
  readonly plan: PreparationPlan
  /** Where the results go; made where it is missing. */
  readonly folder: string
  readonly images: Partial<Record<Sequence, { readonly image: SourceImage; readonly path: string }>>
}

export type PreparationResult = Pick<
  PreparationRecord,
  'reference' | 'grid' | 'sequences' | 'brain'
>

/** Name of a result in the folder of its preparation. */
export const preparedFileName = (sequence: Sequence, stage: 'before' | 'after'): string =>
  `${sequence}_${stage}.nii.gz`

/**
 * Reads the originals, prepares them and writes the results, `SEQUENCE_after.nii.gz` and, where a sequence was registered,
 * `SEQUENCE_before.nii.gz`. The same task gives the same bytes.
 *
 * @throws GliadeskError BAD_FILE where an original is not what it was at import
 */
export async function prepareCaseFiles(
  task: PreparationTask,
  onProgress: (share: number, message: string) => void,
): Promise<PreparationResult> {
  const volumes: Partial<Record<Sequence, Volume>> = {}
  const entries = Object.entries(task.images) as [Sequence, { image: SourceImage; path: string }][]
  for (const [sequence, { image, path }] of entries) {
    const bytes = await readFile(path)
    if (sha256Of(bytes) !== (image.objectSha256 ?? image.sha256)) {
      throw new GliadeskError(
        'BAD_FILE',
        `${path} is not the file that was imported: its content has changed since.`,
        'Put the original file back, or import the folder again.',
      )
    }
    volumes[sequence] = (await readNifti(bytes, basename(path))).volume
  }
  // Writing takes the last tenth.
  const study = prepareStudy(volumes, task.plan, (share, message) =>
    onProgress(0.9 * share, message),
  )
  onProgress(0.9, 'Writing the results')
  await mkdir(task.folder, { recursive: true })
  const save = async (name: string, volume: Volume): Promise<string> => {
    const bytes = await writeNifti({
      ...volume,
      gzip: true,
      gzipLevel: 4,
      description: 'Prepared by Gliadesk',
    })
    await writeFileAtomically(nodeFileSystem, join(task.folder, name), bytes, 'prepared')
    return sha256Of(bytes)
  }
  const sequences: Partial<Record<Sequence, PreparedSequence>> = {}
  for (const [sequence, { image }] of entries) {
    const made = study.images[sequence]
    if (!made) continue
    if (made.before) await save(preparedFileName(sequence, 'before'), made.before)
    sequences[sequence] = {
      source: image,
      preparedSha256: await save(preparedFileName(sequence, 'after'), made.volume),
      preparedToSource: made.preparedToSource,
      registration: made.registration,
      coverage: made.coverage,
      bias: made.bias,
    }
  }
  const { reference, grid, brain } = study
  return {
    reference,
    grid,
    sequences,
    brain: brain && { volumeMl: brain.volumeMl, wasStripped: brain.wasStripped },
  }
}
