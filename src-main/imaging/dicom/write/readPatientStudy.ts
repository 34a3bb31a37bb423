import type { ByteSource } from '../read/byteSource.ts'
import type { DataSet } from '../read/dataSet.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import { readDicomFile } from '../read/readDicomFile.ts'
import { TAG } from '../read/tags.ts'
import { ATTRIBUTES, type Keyword } from './attributes.ts'
import type { DataSetContent } from './dataSetContent.ts'

/** What objects of a study have in common with its images (PS3.3 C.7.1.1, C.7.2.1). */
const COPIED = [
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'StudyDescription',
  'AccessionNumber',
  'ReferringPhysicianName',
  'PositionReferenceIndicator',
] as const satisfies readonly Keyword[]

/** Character sets of one byte, or of several without escapes, by what the platform calls them (PS3.3 C.12.1.1.2). */
const CHARACTER_SETS: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO 2022 IR 87': 'iso-2022-jp',
}

/**
 * Patient and study of an image, to be written into an object that is derived from it. This is the one place where a
 * patient's name enters memory: it goes straight into that object.
 *
 * @throws GliadeskError BAD_FILE where the file is no image of a study, or its name is in a character set that is not known
 */
export async function readPatientStudy(
  source: ByteSource,
): Promise<DataSetContent & { readonly StudyInstanceUID: string }> {
  const wanted = new Set<number>([TAG.characterSet, ...COPIED.map((name) => ATTRIBUTES[name][0])])
  const file = await readDicomFile(source, wanted)
  const study = file?.dataSet.text(TAG.studyInstance)
  if (!file || !study) {
    throw dicomProblem(source.name, 'it no longer holds an image of the study.')
  }
  const { dataSet } = file
  const decode = decoderOf(dataSet, source.name)
  const content: Partial<Record<Keyword, string>> = {}
  for (const keyword of COPIED) {
    const element = dataSet.elements.get(ATTRIBUTES[keyword][0])
    if (!element || element.items) continue
    const bytes = dataSet.bytes.subarray(element.offset, element.offset + element.length)
    content[keyword] = decode(bytes).replaceAll('\0', '').trim()
  }
  return { ...content, StudyInstanceUID: study }
}

/** Latin text needs no table; anything else is decoded by the character set that the file states, never by guessing. */
function decoderOf(dataSet: DataSet, name: string): (bytes: Uint8Array) => string {
  const stated = dataSet.texts(TAG.characterSet).filter((part) => part !== '')
  // With extensions the first is the default and may be empty, so that the second tells.
  const label =
    CHARACTER_SETS[(stated[stated.length - 1] ?? '').replace(/^ISO 2022 IR (?!87$)/, 'ISO_IR ')]
  const ascii = new TextDecoder('latin1')
  return (bytes) => {
    if (bytes.every((byte) => byte < 0x80 && byte !== 0x1b)) return ascii.decode(bytes)
    if (label !== undefined) return new TextDecoder(label).decode(bytes)
    throw dicomProblem(
      name,
      `its texts are in the character set ${stated.join('\\') || 'that it does not state'}, which Gliadesk cannot carry over.`,
      'Export as NIfTI or NRRD instead, or send the series again in UTF-8.',
    )
  }
}
