import { isPrivate, type LeafElement, type TreeElement } from '../dicom/index.ts'
import { leafText } from './elementText.ts'

/**
 * Private elements of MR that PS3.15 table E.3.10-1 calls safe, as creator, group and last byte of the element: the
 * diffusion weighting of three makers.
 */
const SAFE: ReadonlySet<string> = new Set([
  'SIEMENS MR HEADER|0019|0c',
  'SIEMENS MR HEADER|0019|0d',
  'SIEMENS MR HEADER|0019|0e',
  'SIEMENS MR HEADER|0019|27',
  'Philips Imaging DD 001|2001|03',
  'Philips Imaging DD 001|2001|04',
  'GEMS_PARM_01|0043|39',
])
/** Numbers and coded words only: a text in a safe place is not safe any more. */
const BINARY_VRS = new Set(['FD', 'FL', 'SL', 'SS', 'UL', 'US'])
const NUMBERS = /^[-+.eE\d\\ ]{0,128}$/
const CODED = /^(NONE|ISOTROPIC|DIRECTIONAL|BMATRIX|[A-Z])?$/

function isHarmless(leaf: LeafElement): boolean {
  if (BINARY_VRS.has(leaf.vr)) return leaf.value.length <= 64
  const isNumber = leaf.vr === 'DS' || leaf.vr === 'IS'
  return (isNumber ? NUMBERS : CODED).test(leafText(leaf))
}

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
    if (isNamed && isHarmless(element)) safe.add(element).add(creator)
  }
  return safe
}

const group = (tag: number): string =>
  Math.floor(tag / 0x1_0000)
    .toString(16)
    .padStart(4, '0')
