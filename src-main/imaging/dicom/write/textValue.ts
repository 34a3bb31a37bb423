/**
 * A person's words as the value of a DICOM text: without control characters and without "\", which would begin another
 * value, cut to what the VR holds.
 *
 * @param longest 16 for SH, 64 for LO and PN
 */
export function textValue(text: string, longest: 16 | 64): string {
  return [...text.replace(/\p{Cc}/gu, ' ').replaceAll('\\', '/')].slice(0, longest).join('').trim()
}
