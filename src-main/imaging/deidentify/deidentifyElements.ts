import type { DeidentificationOptions, ElementChange } from '../../contract/index.ts'
import {
  isPrivate,
  tagName,
  type LeafElement,
  type SequenceElement,
  type TreeElement,
} from '../dicom/index.ts'
import type { ChangeTally } from './changeTally.ts'
import { basicAction, chooseAction, type Action } from './chooseAction.ts'
import { cleanText } from './cleanText.ts'
import { dummyLeaf, dummySequence } from './dummyValue.ts'
import { leafText, textLeaf } from './elementText.ts'
import { profileRow, type ProfileRow } from './profile.ts'
import { safePrivateElements } from './safePrivate.ts'
import { shiftDate } from './shiftDate.ts'
import { unlistedAction } from './unlistedAction.ts'

/** What stands in the place of a patient's identity, the same for all of the patient's objects. */
export interface PatientIdentity {
  /** A keyed UID for a UID; equal for equal ones, so that references still fit. */
  mapUid(uid: string): string
  /** Days by which dates are moved, never 0. */
  readonly shiftDays: number
}

interface Task {
  readonly options: DeidentificationOptions
  readonly identity: PatientIdentity
  readonly tally: ChangeTally
  /** Inside structured content or text that is being cleaned, texts without a row are cleaned too. */
  readonly cleansTexts: boolean
}

const TEXT_VRS = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT'])
const TEXT_OBJECTS = 0x0070_0008
/** Patient's Name and Patient ID. */
const PSEUDONYMS = new Set([0x0010_0010, 0x0010_0020])
const OVERLAY_TYPE = 0x0040
/** The root of UIDs that the standard itself defines. */
const STANDARD_ROOT = '1.2.840.10008.'

/**
 * Applies PS3.15 Annex E to the elements of a data set and, in depth, to those of every sequence that is kept. Group
 * lengths (retired) are left out.
 *
 * @returns new elements; those that did not change are the same objects
 */
export function deidentifyElements(
  elements: readonly TreeElement[],
  options: DeidentificationOptions,
  identity: PatientIdentity,
  tally: ChangeTally,
): TreeElement[] {
  return treatElements(elements, { options, identity, tally, cleansTexts: false })
}

function treatElements(elements: readonly TreeElement[], task: Task): TreeElement[] {
  const safe = task.options.retainSafePrivate ? safePrivateElements(elements) : new Set()
  const regions = regionOverlays(elements)
  return elements.flatMap((element) => {
    if (element.tag % 0x1_0000 === 0) return []
    if (isPrivate(element.tag)) {
      task.tally.add('private', 'Private elements', safe.has(element) ? 'kept' : 'removed')
      return safe.has(element) ? [element] : []
    }
    const row = profileRow(element.tag)
    let action = row ? chooseAction(row, task.options) : unlistedAction(element, task.options)
    // Of drawings, only regions of interest are kept, and no text.
    const group = Math.floor(element.tag / 0x1_0000)
    const isDrawing = group >= 0x5000 && group <= 0x60ff && row !== null
    if (action === 'cleanGraphics' && isDrawing) {
      action = regions.has(group) && element.tag % 0x1_0000 !== 0x4000 ? 'keep' : 'remove'
    }
    if (element.tag === TEXT_OBJECTS) action = 'remove'
    // A name or ID that may be empty gets a dummy: the caller puts the pseudonym in its place.
    if (PSEUDONYMS.has(element.tag)) action = 'dummy'
    const isFreeText = element.kind === 'leaf' && TEXT_VRS.has(element.vr)
    if (row === null && action === 'keep' && task.cleansTexts && isFreeText) action = 'cleanText'
    return perform(element, action, row, task)
  })
}

/** Groups of overlays whose type is R, region of interest (PS3.3 C.9.2). */
function regionOverlays(elements: readonly TreeElement[]): ReadonlySet<number> {
  const types = elements.filter(({ tag }) => tag % 0x1_0000 === OVERLAY_TYPE)
  return new Set(
    types
      .filter((type) => type.kind === 'leaf' && leafText(type) === 'R')
      .map(({ tag }) => Math.floor(tag / 0x1_0000))
      .filter((group) => group >= 0x6000 && group <= 0x60ff),
  )
}

function perform(
  element: TreeElement,
  action: Action,
  row: ProfileRow | null,
  task: Task,
): TreeElement[] {
  const note = (done: ElementChange['action']): void =>
    task.tally.add(tagName(element.tag), row?.name ?? 'Element outside of the table', done)
  const mapUid = (leaf: LeafElement): LeafElement => mapUids(leaf, task.identity)
  switch (action) {
    case 'remove':
      note('removed')
      return []
    case 'empty':
      if (isEmpty(element)) return [element]
      note('emptied')
      return [emptied(element)]
    case 'dummy':
      if (isEmpty(element)) return [element]
      note('replaced')
      return [element.kind === 'leaf' ? dummyLeaf(element, mapUid) : dummySequence(element, mapUid)]
    case 'mapUid':
      if (element.kind === 'sequence') return [descend(element, task)]
      if (isEmpty(element)) return [element]
      note('replaced')
      return [mapUid(element)]
    case 'keep':
      if (row) note('kept')
      return element.kind === 'leaf' ? [capAge(element)] : [descend(element, task)]
    case 'descend':
      return element.kind === 'sequence' ? [descend(element, task)] : []
    case 'shiftDate':
    case 'cleanText':
    case 'cleanContent':
    case 'cleanGraphics':
      return clean(element, action, row, task, note)
  }
}

function clean(
  element: TreeElement,
  action: Action,
  row: ProfileRow | null,
  task: Task,
  note: (done: ElementChange['action']) => void,
): TreeElement[] {
  if (element.kind === 'sequence') {
    if (action === 'shiftDate') return perform(element, row ? basicAction(row) : 'empty', row, task)
    note('cleaned')
    return [descend(element, { ...task, cleansTexts: true })]
  }
  if (isEmpty(element)) return [element]
  const text =
    action === 'shiftDate'
      ? shifted(element, task.identity.shiftDays)
      : cleanText(leafText(element))
  const isText = action === 'shiftDate' || TEXT_VRS.has(element.vr) || element.vr === 'CS'
  if (text !== null && text !== '' && isText) {
    note('cleaned')
    return [textLeaf(element.tag, element.vr, text)]
  }
  // A text without a technical word says nothing: what the basic profile asks for is done instead.
  return perform(element, row ? basicAction(row) : 'dummy', row, task)
}

/** Dates move; a time of day alone stays, for whole days are moved. */
function shifted(leaf: LeafElement, days: number): string | null {
  const text = leafText(leaf)
  if (leaf.vr === 'TM') return /^[\d:.\\ ]+$/.test(text) ? text : null
  return leaf.vr === 'DA' || leaf.vr === 'DT' ? shiftDate(text, days) : null
}

function descend(sequence: SequenceElement, task: Task): SequenceElement {
  const items = sequence.items.map((item) => ({
    ...item,
    elements: treatElements(item.elements, task),
  }))
  return { ...sequence, items }
}

const isEmpty = (element: TreeElement): boolean =>
  element.kind === 'leaf' ? element.value.length === 0 : element.items.length === 0

function emptied(element: TreeElement): TreeElement {
  if (element.kind === 'sequence') return { ...element, items: [] }
  return { ...element, value: new Uint8Array(), isEncapsulated: false }
}

function mapUids(leaf: LeafElement, identity: PatientIdentity): LeafElement {
  const uids = leafText(leaf).split('\\')
  const mapped = uids.map((uid) => {
    const plain = uid.replace(/[\0 ]/g, '')
    return plain === '' || plain.startsWith(STANDARD_ROOT) ? plain : identity.mapUid(plain)
  })
  return textLeaf(leaf.tag, 'UI', mapped.join('\\'))
}

const AGE = 0x0010_1010
const OLDEST = 90

/** Few people are older than 89: their ages are written as 90. Anything that is no age is emptied. */
function capAge(leaf: LeafElement): LeafElement {
  if (leaf.tag !== AGE || leaf.value.length === 0) return leaf
  const match = /^(\d{3})([DWMY])$/.exec(leafText(leaf))
  if (!match) return { ...leaf, value: new Uint8Array() }
  const isOld = match[2] === 'Y' && Number(match[1]) > OLDEST - 1
  return isOld ? textLeaf(AGE, 'AS', `0${OLDEST}Y`) : leaf
}
