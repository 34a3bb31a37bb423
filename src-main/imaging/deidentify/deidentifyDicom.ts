import type { DeidentificationOptions } from '../../contract/index.ts'
import {
  type LeafElement,
  type OpenedDicom,
  type RewrittenDicom,
  type SequenceElement,
  type TreeElement,
} from '../dicom/index.ts'
import type { ChangeTally } from './changeTally.ts'
import { deidentifyElements, type PatientIdentity } from './deidentifyElements.ts'
import { textLeaf } from './elementText.ts'
import { PROFILE_EDITION } from './profile.ts'

export interface DicomIdentity extends PatientIdentity {
  /** Stands in the place of name and ID. */
  readonly pseudonym: string
}

/** Of the rewriter, below the root of UUIDs (PS3.7 D.3.3.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.91326626927878409891456399029773311884'

/** Codes of PS3.16 context group 7050 for what was done. */
const CODES = {
  basic: ['113100', 'Basic Application Confidentiality Profile'],
  cleanGraphics: ['113103', 'Clean Graphics Option'],
  cleanStructuredContent: ['113104', 'Clean Structured Content Option'],
  cleanDescriptors: ['113105', 'Clean Descriptors Option'],
  keepDates: ['113106', 'Retain Longitudinal Temporal Information Full Dates Option'],
  shiftDates: ['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'],
  retainPatientCharacteristics: ['113108', 'Retain Patient Characteristics Option'],
  retainDeviceIdentity: ['113109', 'Retain Device Identity Option'],
  retainUids: ['113110', 'Retain UIDs Option'],
  retainSafePrivate: ['113111', 'Retain Safe Private Option'],
  retainInstitutionIdentity: ['113112', 'Retain Institution Identity Option'],
} as const

/**
 * A DICOM file with its patient taken out of every element (PS3.15 Annex E), in the same transfer syntax. Pixels are
 * not touched.
 *
 * @returns what `writeRewritten` writes
 */
export function deidentifyDicom(
  opened: OpenedDicom,
  options: DeidentificationOptions,
  identity: DicomIdentity,
  tally: ChangeTally,
): RewrittenDicom {
  const kept = deidentifyElements(opened.elements, options, identity, tally)
  const added = markers(options, identity.pseudonym)
  const replaced = new Set(added.map(({ tag }) => tag))
  const elements = [...kept.filter(({ tag }) => !replaced.has(tag)), ...added]
  return {
    transferSyntax: opened.transferSyntax,
    meta: metaGroup(elements, opened.transferSyntaxUid),
    elements: firstOfEach(elements),
    bulk: opened.bulk,
    content: opened.content,
  }
}

/** A data set holds a tag once (PS3.5 7.1). */
function firstOfEach(elements: readonly TreeElement[]): TreeElement[] {
  const seen = new Set<number>()
  return elements.filter(({ tag }) => !seen.has(tag) && seen.add(tag))
}

/** Everything in group 2 is written anew: it may name the station that the file came from. */
function metaGroup(elements: readonly TreeElement[], transferSyntaxUid: string): TreeElement[] {
  const copy = (from: number, to: number): LeafElement[] => {
    const found = elements.find(({ tag }) => tag === from)
    return found?.kind === 'leaf' ? [{ ...found, tag: to, vr: 'UI' }] : []
  }
  return [
    leaf(0x0002_0001, 'OB', new Uint8Array([0, 1])),
    ...copy(0x0008_0016, 0x0002_0002),
    ...copy(0x0008_0018, 0x0002_0003),
    textLeaf(0x0002_0010, 'UI', transferSyntaxUid),
    textLeaf(0x0002_0012, 'UI', IMPLEMENTATION_CLASS_UID),
    textLeaf(0x0002_0013, 'SH', 'GLIADESK'),
  ]
}

/** The elements that say whose pseudonym this is and what was done. */
function markers(options: DeidentificationOptions, pseudonym: string): TreeElement[] {
  const done: (keyof typeof CODES)[] = ['basic']
  for (const name of Object.keys(CODES)) {
    if (name in options && options[name as keyof DeidentificationOptions] === true) {
      done.push(name as keyof typeof CODES)
    }
  }
  if (options.dates === 'keep') done.push('keepDates')
  if (options.dates === 'shift') done.push('shiftDates')
  const temporal = { remove: 'REMOVED', shift: 'MODIFIED', keep: 'UNMODIFIED' }[options.dates]
  return [
    textLeaf(0x0010_0010, 'PN', pseudonym),
    textLeaf(0x0010_0020, 'LO', pseudonym),
    textLeaf(0x0012_0062, 'CS', 'YES'),
    textLeaf(0x0012_0063, 'LO', `Gliadesk\\${PROFILE_EDITION}`),
    methodCodes(done.sort((left, right) => (CODES[left][0] < CODES[right][0] ? -1 : 1))),
    textLeaf(0x0028_0303, 'CS', temporal),
  ]
}

function methodCodes(names: readonly (keyof typeof CODES)[]): SequenceElement {
  return {
    kind: 'sequence',
    tag: 0x0012_0064,
    isOpen: false,
    isUnknown: false,
    items: names.map((name) => ({
      isOpen: false,
      elements: [
        textLeaf(0x0008_0100, 'SH', CODES[name][0]),
        textLeaf(0x0008_0102, 'SH', 'DCM'),
        textLeaf(0x0008_0104, 'LO', CODES[name][1]),
      ],
    })),
  }
}

const leaf = (tag: number, vr: string, value: Uint8Array): LeafElement => ({
  kind: 'leaf',
  tag,
  vr,
  value,
  isEncapsulated: false,
})
