import { isMetaImage, readMetaImage } from '../metaimage/index.ts'
import { readNiftiFrames, type NiftiHeader } from '../nifti/index.ts'
import { isNrrd, readNrrd, readSegments, type NrrdSegment } from '../nrrd/index.ts'
import type { ReadCompanion, Volume } from '../volume/index.ts'

export type ImageFormat = 'nifti' | 'nifti-pair' | 'nrrd' | 'metaimage'

export const FORMAT_TITLES: Record<ImageFormat, string> = {
  nifti: 'NIfTI',
  'nifti-pair': 'NIfTI pair',
  nrrd: 'NRRD',
  metaimage: 'MetaImage',
}

/** A file of any format that is read. */
export interface ImageFile {
  readonly format: ImageFormat
  /** One, or several on one grid: sequences in a 4D file, layers of a segmentation. */
  readonly volumes: readonly Volume[]
  /** Of NIfTI files only. */
  readonly header: NiftiHeader | null
  /** Of 3D Slicer segmentations only. */
  readonly segments: readonly NrrdSegment[]
  readonly warnings: readonly string[]
}

/**
 * Reads an image of any known format, told by its first bytes rather than by its name.
 *
 * @param companion reads the file that holds the voxels of a detached header, by its bare name
 * @throws GliadeskError BAD_FILE; what `companion` throws
 */
export async function readImage(
  bytes: Uint8Array,
  fileName: string,
  companion?: ReadCompanion,
): Promise<ImageFile> {
  if (isNrrd(bytes)) {
    const { volumes, keyValues, warnings } = await readNrrd(bytes, fileName, companion)
    return { format: 'nrrd', volumes, header: null, segments: readSegments(keyValues), warnings }
  }
  if (isMetaImage(bytes)) {
    const { volumes, warnings } = await readMetaImage(bytes, fileName, companion)
    return { format: 'metaimage', volumes, header: null, segments: [], warnings }
  }
  const imageFile =
    companion && (() => companion(fileName.replace(/^.*[\\/]/, '').replace(/\.hdr$/i, '.img')))
  const { volumes, header } = await readNiftiFrames(bytes, fileName, imageFile)
  return {
    format: header.isPair ? 'nifti-pair' : 'nifti',
    volumes,
    header,
    segments: [],
    warnings: header.warnings,
  }
}
