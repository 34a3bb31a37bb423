import type { DeidentificationOptions } from '../../contract/index.ts'
import type { ProfileRow } from './profile.ts'

/** What is done to one element. */
export type Action =
  | 'remove'
  | 'empty'
  | 'dummy'
  | 'mapUid'
  /** Kept with the UIDs inside mapped; everything else in it is treated by its own rows. */
  | 'descend'
  | 'keep'
  | 'shiftDate'
  | 'cleanText'
  | 'cleanContent'
  | 'cleanGraphics'

/**
 * Attributes of type 3 (optional) in every composite IOD of MR, CT and PET images, secondary captures, SEG, RTSTRUCT
 * and SR (PS3.3 C.7.3.1, C.7.5.1, C.12.1): removed where the table leaves the choice.
 */
const OPTIONAL_EVERYWHERE: ReadonlySet<string> = new Set([
  '0008,0012', // Instance Creation Date
  '0008,0013', // Instance Creation Time
  '0008,0021', // Series Date
  '0008,0031', // Series Time
  '0008,0080', // Institution Name
  '0008,0082', // Institution Code Sequence
  '0008,1010', // Station Name
  '0008,1070', // Operators' Name
  '0008,1072', // Operator Identification Sequence
])

/**
 * The action for an attribute. Of several options that speak about it, cleaning goes before keeping: the stricter one
 * holds.
 *
 * Where the basic profile names several codes, the type of the attribute in its IOD decides (PS3.15 E.1.1): X for type 3,
 * Z for type 2, D for type 1. The strictest type that an IOD of this list gives it is assumed, so that the
 * object stays valid in each: `X/Z` empties, `Z/D`, `X/D` and `X/Z/D` put a dummy, except for attributes optional in every
 * IOD, which are removed. The original value is gone in each case. `X/Z/U*` keeps references with mapped UIDs.
 */
export function chooseAction(row: ProfileRow, options: DeidentificationOptions): Action {
  const cleaned = cleaningAction(row, options)
  if (cleaned) return cleaned
  const isKept =
    (options.retainUids && row.retainUids) ||
    (options.retainDeviceIdentity && row.retainDeviceIdentity === 'K') ||
    (options.retainInstitutionIdentity && row.retainInstitutionIdentity) ||
    (options.retainPatientCharacteristics && row.retainPatientCharacteristics === 'K') ||
    (options.dates === 'keep' && row.retainFullDates)
  return isKept ? 'keep' : basicAction(row)
}

function cleaningAction(row: ProfileRow, options: DeidentificationOptions): Action | null {
  if (options.dates === 'shift' && row.retainModifiedDates) return 'shiftDate'
  if (options.cleanStructuredContent && row.cleanStructuredContent) return 'cleanContent'
  if (options.cleanGraphics && row.cleanGraphics) return 'cleanGraphics'
  const isCleaned =
    (options.cleanDescriptors && row.cleanDescriptors) ||
    (options.retainDeviceIdentity && row.retainDeviceIdentity === 'C') ||
    (options.retainPatientCharacteristics && row.retainPatientCharacteristics === 'C')
  return isCleaned ? 'cleanText' : null
}

/** What the basic profile does without any option. */
export function basicAction({ tag, basic }: Pick<ProfileRow, 'tag' | 'basic'>): Action {
  switch (basic) {
    case 'X':
      return 'remove'
    case 'Z':
    case 'X/Z':
      return 'empty'
    case 'U':
      return 'mapUid'
    case 'X/Z/U*':
      return 'descend'
    case 'D':
    case 'Z/D':
      return 'dummy'
    case 'X/D':
    case 'X/Z/D':
      return OPTIONAL_EVERYWHERE.has(tag) ? 'remove' : 'dummy'
  }
}
