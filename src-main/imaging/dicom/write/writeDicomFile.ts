import type { DataSetContent } from './dataSetContent.ts'
import { encodeDataSet } from './encodeDataSet.ts'

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1'
/** Of this program, below the root of UUIDs. */
export const IMPLEMENTATION_CLASS_UID = '2.25.246887942307635525932779551669369467046'
const IMPLEMENTATION_VERSION = 'GLIADESK_1'
const PREAMBLE_BYTES = 128

/**
 * A data set as a file (PS3.10): preamble, meta group, then the data set in explicit VR little endian and UTF-8.
 *
 * @param content with SOPClassUID and SOPInstanceUID
 */
export function writeDicomFile(
  content: DataSetContent & { readonly SOPClassUID: string; readonly SOPInstanceUID: string },
): Uint8Array<ArrayBuffer> {
  const meta: DataSetContent = {
    FileMetaInformationVersion: new Uint8Array([0, 1]),
    MediaStorageSOPClassUID: content.SOPClassUID,
    MediaStorageSOPInstanceUID: content.SOPInstanceUID,
    TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: IMPLEMENTATION_VERSION,
  }
  const group = encodeDataSet(meta)
  const length = encodeDataSet({ FileMetaInformationGroupLength: group.length })
  const body = encodeDataSet({ ...content, SpecificCharacterSet: 'ISO_IR 192' })
  const file = new Uint8Array(PREAMBLE_BYTES + 4 + length.length + group.length + body.length)
  file.set(new TextEncoder().encode('DICM'), PREAMBLE_BYTES)
  file.set(length, PREAMBLE_BYTES + 4)
  file.set(group, PREAMBLE_BYTES + 4 + length.length)
  file.set(body, PREAMBLE_BYTES + 4 + length.length + group.length)
  return file
}
