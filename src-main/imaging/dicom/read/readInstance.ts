import type { ByteSource } from './byteSource.ts'
import type { DataSet } from './dataSet.ts'
import type { DicomFrame, DicomInstance } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import { readFrames } from './readFrames.ts'
import { readPixelFormat } from './readPixelFormat.ts'
import { readDicomFile, type DicomFile } from './readDicomFile.ts'
import { TAG } from './tags.ts'

/** What a file turned out to be. */
export type ReadInstance =
  | { readonly kind: 'image'; readonly instance: DicomInstance }
  /** A DICOM file that is no slice of a volume, and why, in words that complete "It is …". */
  | { readonly kind: 'other'; readonly what: string; readonly modality: string }
  | { readonly kind: 'not-dicom' }

/** SOP classes whose pixels do not lie in the patient's space, or that are no images (PS3.4 B.5). */
const OTHER_CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^1\.2\.840\.10008\.1\.3\.10$/, 'a DICOMDIR'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.66(\.|$)/, 'a segmentation or a registration'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\./, 'a structured report'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\./, 'a presentation state'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.481\./, 'an object of radiotherapy'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.104\./, 'an encapsulated document'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/, 'a secondary capture, which has no place in space'],
  [
    /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(4\.2|9\.|30$)/,
    'spectroscopy, a waveform or a parametric map',
  ],
]

/**
 * Reads what import needs to know of one file, no further than its pixel data.
 *
 * @throws GliadeskError BAD_FILE for an image whose header is damaged or contradicts itself
 */
export async function readInstance(source: ByteSource): Promise<ReadInstance> {
  const file = await readDicomFile(source)
  if (!file) return { kind: 'not-dicom' }
  const { dataSet } = file
  const sopClass = dataSet.text(TAG.sopClass) ?? ''
  const modality = dataSet.text(TAG.modality) ?? ''
  const other = OTHER_CLASSES.find(([pattern]) => pattern.test(sopClass))
  if (other) return { kind: 'other', what: other[1], modality }
  if (dataSet.items(TAG.directoryRecords).length > 0) {
    return { kind: 'other', what: 'a DICOMDIR', modality }
  }
  if (!dataSet.elements.has(TAG.pixelData)) {
    return { kind: 'other', what: 'a file without pixels', modality }
  }
  return { kind: 'image', instance: instanceOf(file, sopClass, modality) }
}

function instanceOf(file: DicomFile, sopClassUid: string, modality: string): DicomInstance {
  const { dataSet, content } = file
  const pixels = readPixelFormat(file)
  const frames: DicomFrame[] = []
  const instance: DicomInstance = {
    content,
    sopClassUid,
    modality,
    sopInstanceUid: uid(dataSet, TAG.sopInstance, content.name, 'SOP Instance UID'),
    studyUid: uid(dataSet, TAG.studyInstance, content.name, 'Study Instance UID'),
    seriesUid: uid(dataSet, TAG.seriesInstance, content.name, 'Series Instance UID'),
    frameOfReferenceUid: dataSet.text(TAG.frameOfReference),
    patientId: dataSet.text(TAG.patientId),
    studyDate: isoDate(dataSet.text(TAG.studyDate)),
    seriesNumber: dataSet.number(TAG.seriesNumber),
    instanceNumber: dataSet.number(TAG.instanceNumber),
    sliceSpacingMm: dataSet.number(TAG.spacingBetweenSlices) ?? dataSet.number(TAG.sliceThickness),
    burnedInAnnotation: dataSet.text(TAG.burnedIn) === 'YES',
    pixels,
    frames,
  }
  frames.push(...readFrames(instance, dataSet))
  return instance
}

function uid(dataSet: DataSet, tag: number, name: string, title: string): string {
  const value = dataSet.text(tag)
  if (value === null || value.length > 64) {
    throw dicomProblem(name, `its ${title} is missing, so the slice belongs to no series.`)
  }
  return value
}

/** DA is YYYYMMDD; old writers put dots in between. */
function isoDate(text: string | null): string | null {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text ?? '')
  return match ? `${match[1]}-${match[2]}-${match[3]}` : null
}
