import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  GliadeskError,
  type Sequence,
  type VolumeRef,
  type VolumeSource,
} from '../../contract/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import {
  createVoxels,
  summariseIntensity,
  voxelCount,
  type Voxels,
} from '../../imaging/volume/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { notFound } from '../notFound.ts'
import { askedWindow } from './askedWindow.ts'

/** Decodes images and labelmaps into raw voxels that a window can fetch. */
export interface VolumeService {
  /**
   * @throws GliadeskError NOT_FOUND, or BAD_FILE where a source image changed since it was imported
   */
  resolve(caseId: string, source: VolumeSource): Promise<VolumeRef>
  /** Intensities of a case's sequence on the case grid. @throws GliadeskError as `resolve` */
  intensities(caseId: string, sequence: Sequence): Promise<Voxels>
  /** Where the bytes of `/data/<sha256>` lie, or null. */
  findData(sha256: string): Promise<string | null>
  /** Puts raw canonical labels where a window can fetch them. */
  publishLabels(labels: Uint8Array, grid: VolumeRef['grid']): Promise<VolumeRef>
}

/** Part of every cache key: raise it when decoding changes. */
const DECODER_VERSION = 1

const rawBytes = (voxels: Voxels): Uint8Array =>
  new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength)

export function createVolumeService(workspace: Workspace): VolumeService {
  const { database, derived, objects } = workspace

  const decoded = async (
    key: string,
    decode: () => Promise<{ bytes: Uint8Array; meta: Omit<VolumeRef, 'sha256' | 'byteLength'> }>,
  ): Promise<VolumeRef> => {
    const { sha256, byteLength, meta } = await derived.remember(`${key}:${DECODER_VERSION}`, decode)
    return { sha256, byteLength, ...meta }
  }

  const image = (path: string, sha256: string): Promise<VolumeRef> =>
    decoded(`image:${sha256}`, async () => {
      const bytes = await readFile(path).catch((error: unknown) => {
        throw asStorageError(error, 'reading the image', path)
      })
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
        throw new GliadeskError(
          'BAD_FILE',
          `${path} is not the file that was imported: its content has changed since.`,
          'Put the original file back, or import the folder again.',
        )
      }
      return decodedImage(bytes, basename(path))
    })

  const decodedImage = async (bytes: Uint8Array, name: string) => {
    const { volume } = await readNifti(bytes, name)
    return {
      bytes: rawBytes(volume.voxels),
      meta: {
        voxelType: volume.voxelType,
        grid: volume.grid,
        intensity: summariseIntensity(volume.voxels),
      },
    }
  }

  const labelmap = (sha256: string): Promise<VolumeRef> =>
    decoded(`labels:${sha256}`, async () => {
      const { labels, grid } = await readLabelmap(await objects.read(sha256), `${sha256}.nii.gz`)
      return { bytes: labels, meta: { voxelType: 'uint8' as const, grid, intensity: null } }
    })

  const resolve: VolumeService['resolve'] = async (caseId, source) => {
    switch (source.kind) {
      case 'sequence': {
        const row = database.get<{ path: string; sha256: string; object_sha256: string | null }>(
          'SELECT path, sha256, object_sha256 FROM images WHERE case_id = :caseId AND sequence = :sequence',
          { caseId, sequence: source.sequence },
        )
        if (!row) throw notFound(`sequence ${source.sequence} of case`, caseId)
        const { object_sha256: made } = row
        if (made === null) return image(row.path, row.sha256)
        const ref = await decoded(`image:${made}`, async () =>
          decodedImage(await objects.read(made), row.path),
        )
        const window = askedWindow(database, {
          caseId,
          sequence: source.sequence,
          objectSha256: made,
        })
        return { ...ref, intensity: ref.intensity && { ...ref.intensity, window } }
      }
      case 'version': {
        const row = database.get<{ object_sha256: string }>(
          'SELECT object_sha256 FROM label_versions WHERE id = :id AND case_id = :caseId',
          { id: source.versionId, caseId },
        )
        if (!row) throw notFound('label version', source.versionId)
        return labelmap(row.object_sha256)
      }
      case 'proposal':
      case 'uncertainty': {
        const row = database.get<{ object_sha256: string; uncertainty_sha256: string | null }>(
          'SELECT object_sha256, uncertainty_sha256 FROM proposals WHERE id = :id AND case_id = :caseId',
          { id: source.proposalId, caseId },
        )
        if (!row) throw notFound('proposal', source.proposalId)
        if (source.kind === 'proposal') return labelmap(row.object_sha256)
        const uncertainty = row.uncertainty_sha256
        if (!uncertainty) throw notFound('uncertainty map of proposal', source.proposalId)
        return decoded(`uncertainty:${uncertainty}`, async () =>
          decodedImage(await objects.read(uncertainty), 'uncertainty.nii.gz'),
        )
      }
    }
  }
  const findData: VolumeService['findData'] = async (sha256) =>
    (await derived.find(sha256)) ?? ((await objects.has(sha256)) ? objects.pathOf(sha256) : null)
  return {
    resolve,
    findData,
    intensities: async (caseId, sequence) => {
      const { sha256, byteLength, voxelType, grid } = await resolve(caseId, {
        kind: 'sequence',
        sequence,
      })
      const path = await findData(sha256)
      const bytes = path ? await readFile(path) : null
      if (bytes?.length !== byteLength) throw notFound(`sequence ${sequence} of case`, caseId)
      const voxels = createVoxels(voxelType, voxelCount(grid.dims))
      new Uint8Array(voxels.buffer).set(bytes)
      return voxels
    },
    publishLabels: async (labels, grid) => ({
      sha256: await derived.put(labels),
      byteLength: labels.length,
      voxelType: 'uint8',
      grid,
      intensity: null,
    }),
  }
}
