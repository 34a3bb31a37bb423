import { isPrivate, type TreeElement } from '../dicom/index.ts'
import { leafText } from './elementText.ts'

/**
 * Private elements of MR that PS3.15 table E.3.10-1 calls safe, as creator, group and last byte of the element: diffusion
 * weighting of three makers, and Philips' scale of pixel values.
 */
const SAFE: ReadonlySet<string> = new Set([
  'SIEMENS MR HEADER|0019|0a',
  'SIEMENS MR HEADER|0019|0b',
  'SIEMENS MR HEADER|0019|0c',
  'SIEMENS MR HEADER|0019|0d',
  'SIEMENS MR HEADER|0019|0e',
  'SIEMENS MR HEADER|0019|27',
  'Philips Imaging DD 001|2001|03',
  'Philips Imaging DD 001|2001|04',
  'Philips MR Imaging DD 001|2005|0d',
  'Philips MR Imaging DD 001|2005|0e',
  'GEMS_PARM_01|0043|39',
])
/** Numbers and coded words only: a text in a safe place is not safe any more. */
const NUMERIC_VRS = new Set(['DS', 'FD', 'FL', 'IS', 'SL', 'SS', 'UL', 'US'])
const CODED = /^[A-Z0-9 _+-]{0,16}$/

/** The private elements of a data set or item that may stay, with the elements that reserve their blocks. */
export function safePrivateElements(elements: readonly TreeElement[]): ReadonlySet<TreeElement> {
  const creators = new Map<string, TreeElement>()
  for (const element of elements) {
    const low = element.tag % 0x1_0000
    if (element.kind === 'leaf' && isPrivate(element.tag) && low >= 0x10 && low <= 0xff) {
      creators.set(`${group(element.tag)}|${low.toString(16)}`, element)
    }
  }
  const safe = new Set<TreeElement>()
  for (const element of elements) {
    const low = element.tag % 0x1_0000
    if (element.kind !== 'leaf' || !isPrivate(element.tag) || low < 0x1000) continue
    const creator = creators.get(`${group(element.tag)}|${(low >> 8).toString(16)}`)
    if (creator?.kind !== 'leaf') continue
    const last = (low & 0xff).toString(16).padStart(2, '0')
    const isNamed = SAFE.has(`${leafText(creator)}|${group(element.tag)}|${last}`)
    const isHarmless =
      NUMERIC_VRS.has(element.vr) || (element.vr === 'CS' && CODED.test(leafText(element)))
    if (isNamed && isHarmless) safe.add(element).add(creator)
  }
  return safe
}

const group = (tag: number): string =>
  Math.floor(tag / 0x1_0000)
    .toString(16)
    .padStart(4, '0')
