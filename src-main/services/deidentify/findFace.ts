import { brainEnvelope, imageNameParts } from '../../imaging/deidentify/index.ts'
import type { ByteSource } from '../../imaging/dicom/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import { stemOf } from './sortInputs.ts'

export interface FaceFinding {
  /** One byte a voxel, 0 where the image is to become 0; null where nothing is to be changed. */
  readonly inside: Uint8Array | null
  readonly warnings: readonly string[]
}

/** Images that show no face: labels and maps. */
const NO_FACE = new Set(['seg', 'mask', 'label', 'labels', 'dseg', 'probseg', 'brain'])
const MAX_IMAGE_BYTES = 1024 ** 3

const NOTHING: FaceFinding = { inside: null, warnings: [] }
const warning = (text: string): FaceFinding => ({ inside: null, warnings: [text] })

/**
 * Looks whether an image still has the head around the brain and, where asked for, how to take it away.
 *
 * @param wanted the person asked for defacing
 */
export async function findFace(
  source: ByteSource,
  image: ByteSource | null,
  wanted: boolean,
): Promise<FaceFinding> {
  if (NO_FACE.has(imageNameParts(stemOf(source.name)).suffix)) return NOTHING
  if (image !== null || source.sizeBytes > MAX_IMAGE_BYTES) {
    return warning('Whether it shows a face was not looked at: its form is not supported for that.')
  }
  const read = await readNifti(await source.read(0, source.sizeBytes), source.name).catch(
    () => null,
  )
  if (read === null) {
    return warning('Whether it shows a face was not looked at: it is no single volume.')
  }
  const envelope = brainEnvelope(read.volume, wanted)
  if (envelope.isStripped) return NOTHING
  if (envelope.inside === null) {
    return warning(
      wanted
        ? 'It was not defaced: no brain of a likely size was found in it. A face may be recognisable.'
        : 'The head around the brain is still there: a face may be recognisable in a rendering (see defacing).',
    )
  }
  return {
    inside: envelope.inside,
    warnings: [
      'Defaced: voxels away from the brain are 0. Look whether the face is gone and the brain is whole.',
    ],
  }
}
