import type { OpenedDicom, TreeElement } from '../dicom/index.ts'
import { textOf } from './headerFacts.ts'

/** Modalities whose pixels usually carry the patient's name, or are scanned papers. */
const RISKY_MODALITIES = new Set([
  'US',
  'XA',
  'RF',
  'ES',
  'OT',
  'SC',
  'DOC',
  'HC',
  'GM',
  'XC',
  'IVUS',
])
const SECONDARY_CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/
const CAPTURED = /SCREEN|SAVE|CAPTURE|PROTOCOL|DOSE_INFO|REPORT|MIP|PROJECTION IMAGE/
/** Slices thicker than this do not show a face that could be recognised. */
const FACE_SPACING_MM = 3

/**
 * What a person has to look at, because it lies in the pixels or beside them, where no change of the header reaches. Never
 * says a value.
 */
export function pixelWarnings({ elements, bulk, trailingBytes }: OpenedDicom): string[] {
  const text = (tag: number): string => textOf(elements, tag).toUpperCase()
  const warnings: string[] = []
  const imageType = text(0x0008_0008)
  const modality = text(0x0008_0060)
  const burnedIn = text(0x0028_0301)
  if (burnedIn === 'YES') {
    warnings.push(
      'The header says that text is burnt into the pixels. Look at every image before you pass it on.',
    )
  } else if (bulk !== null && burnedIn !== 'NO') {
    const why = SECONDARY_CAPTURE.test(text(0x0008_0016))
      ? 'It is a secondary capture'
      : CAPTURED.test(imageType)
        ? 'Its image type is that of a screen, a report or a projection'
        : RISKY_MODALITIES.has(modality)
          ? 'Images of its modality often show the name'
          : null
    if (why) {
      warnings.push(
        `${why}, and the header does not say that no text is burnt into the pixels. Look at it.`,
      )
    }
  }
  if (hasOverlayInPixels(elements)) {
    warnings.push('An overlay is stored in unused bits of the pixels, which are not touched.')
  }
  if (elements.some(({ tag }) => tag === 0x0042_0011)) {
    warnings.push('It held an enclosed document (such as a PDF), which was replaced by zeros.')
  }
  if (bulk !== null && mayShowFace(elements, modality, imageType)) {
    warnings.push('A face may be recognisable in a rendering of the head (see defacing).')
  }
  if (bulk?.isEncapsulated) {
    warnings.push('Comments inside the compressed pixels are not looked into.')
  }
  if (trailingBytes > 0) warnings.push('Bytes after the pixels were left out.')
  return warnings
}

/** An overlay without data of its own lies in the pixels (retired; PS3.3 C.9.2, bit position above 0). */
function hasOverlayInPixels(elements: readonly TreeElement[]): boolean {
  const groups = new Set(
    elements.map(({ tag }) => Math.floor(tag / 0x1_0000)).filter((group) => group >> 8 === 0x60),
  )
  return [...groups].some((group) => !elements.some(({ tag }) => tag === group * 0x1_0000 + 0x3000))
}

/**
 * A header cannot tell whether the skull is still there. Warned about is every MR or CT volume of the head, or of a
 * part that is not named, whose slices are at most 3 mm apart or whose distance is not stated.
 */
function mayShowFace(
  elements: readonly TreeElement[],
  modality: string,
  imageType: string,
): boolean {
  if (modality !== 'MR' && modality !== 'CT' && modality !== 'PT') return false
  if (/LOCALIZER|MIP/.test(imageType)) return false
  const part = textOf(elements, 0x0018_0015).toUpperCase()
  if (part !== '' && !/HEAD|BRAIN|SKULL|NECK|FACE|WHOLEBODY/.test(part)) return false
  const spacing = textOf(elements, 0x0018_0088) || textOf(elements, 0x0018_0050)
  return !(Number(spacing) > FACE_SPACING_MM)
}
