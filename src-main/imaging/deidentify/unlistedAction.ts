import type { DeidentificationOptions } from '../../contract/index.ts'
import { dictionaryVr, type TreeElement } from '../dicom/index.ts'
import { chooseAction, type Action } from './chooseAction.ts'

/** UIDs that name classes, syntaxes and coding schemes, not instances. */
const CLASS_UIDS: ReadonlySet<number> = new Set([
  0x0008_0016, 0x0008_001a, 0x0008_001b, 0x0008_0062, 0x0008_010c, 0x0008_010d, 0x0008_0117,
  0x0008_0118, 0x0008_040e, 0x0008_1150, 0x0008_115a, 0x0008_3002, 0x0034_0003, 0x0400_0010,
  0x0400_0510, 0x3010_0052, 0x3010_0053,
])

/**
 * What is done to a standard element that table E.1-1 does not name. The table leaves those alone; this program goes
 * further where the kind of the value tells that it may name somebody: persons' names, dates, instance UIDs, elements that
 * the data dictionary does not know, and sequences that could not be looked into.
 */
export function unlistedAction(element: TreeElement, options: DeidentificationOptions): Action {
  const known = dictionaryVr(element.tag)
  if (known === null) return 'remove'
  if (element.kind === 'sequence') return 'descend'
  if (known === 'SQ') return 'remove'
  const vrs = [known, element.vr]
  if (vrs.includes('PN')) return 'dummy'
  if (known === 'UI') return CLASS_UIDS.has(element.tag) || options.retainUids ? 'keep' : 'mapUid'
  if (vrs.some((vr) => vr === 'DA' || vr === 'DT' || vr === 'TM')) {
    const row = {
      tag: '',
      name: '',
      vr: known,
      basic: 'X/Z',
      retainFullDates: 'K',
      retainModifiedDates: 'C',
    } as const
    return chooseAction(row, options)
  }
  return 'keep'
}
