import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LABELS, SEQUENCES } from '../../contract/index.ts'
import { writeNifti } from '../../imaging/index.ts'
import {
  generateSyntheticCase,
  type SyntheticCaseOptions,
  type SyntheticDescription,
} from '../../imaging/synthetic/index.ts'
import { nodeFileSystem, writeFileAtomically } from '../../storage/index.ts'

export interface SyntheticCaseTask {
  folder: string
  /** Name of the case: its folder, and the start of its files' names. */
  name: string
  /** Without a segmentation the case is one that nobody has labelled. */
  hasSegmentation: boolean
  options: SyntheticCaseOptions
}

/** BraTS up to 2022: enhancing tumour is stored as 4. */
const ET_ON_DISK = 4

/**
 * Generates a case and writes it as BraTS does, `NAME/NAME_flair.nii.gz` … `NAME/NAME_seg.nii.gz`. The case folder
 * appears in one piece: it is filled under a hidden name and renamed at the end.
 *
 * @throws the operating system's error; what was begun is removed
 */
export async function writeSyntheticCase(task: SyntheticCaseTask): Promise<SyntheticDescription> {
  const { images, labels, grid, description } = generateSyntheticCase(task.options)
  const partial = join(task.folder, `.${task.name}.partial`)
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  const save = async (suffix: string, bytes: Uint8Array): Promise<void> =>
    writeFileAtomically(
      nodeFileSystem,
      join(partial, `${task.name}_${suffix}.nii.gz`),
      bytes,
      'synthetic',
    )
  const common = { grid, gzip: true, gzipLevel: 4, description: 'Gliadesk synthetic cohort' }
  try {
    for (const sequence of SEQUENCES) {
      const voxels = images[sequence]
      await save(sequence, await writeNifti({ ...common, voxels, voxelType: 'int16' }))
    }
    if (task.hasSegmentation) {
      const stored = labels.map((label) => (label === LABELS.enhancing ? ET_ON_DISK : label))
      await save('seg', await writeNifti({ ...common, voxels: stored, voxelType: 'uint8' }))
    }
    await rename(partial, join(task.folder, task.name))
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
    throw error
  }
  return description
}
