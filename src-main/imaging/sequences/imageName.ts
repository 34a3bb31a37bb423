import type { Sequence } from '../../contract/anatomy.ts'
import { splitImageName } from '../formats/index.ts'

/** What a file is within its case. */
export type ImageRole = Sequence | 'label'

/** What a file's name says: which case it belongs to, what it is, and how one can tell. */
export interface NamedImage {
  readonly layout: 'brats' | 'bids'
  readonly caseName: string
  readonly role: ImageRole
  /** For the reader, e.g. `name ends in "_t1ce" (BraTS 2017–2021)`. */
  readonly reason: string
  /** Among several files of one role the lowest rank is taken. */
  readonly rank: number
}

/** An image file whose name says nothing usable, and why. */
export interface UnnamedImage {
  readonly reason: string
}

/** Path parts, whatever the separator of the system. */
export function pathParts(path: string): string[] {
  return path.split(/[\\/]/).filter((part) => part !== '')
}

/**
 * File name without the ending of an image format; null where the file is no image by its name. A `.seg.nrrd` reads
 * like a name that ends in `_seg`. Hidden files are none: macOS leaves a `._` companion beside every file it copies
 * to a foreign disk.
 */
export function imageStem(path: string): string | null {
  const found = splitImageName(pathParts(path).at(-1) ?? '')
  if (!found) return null
  if (found.ending !== '.seg.nrrd') return found.stem
  if (/^segmentation$/i.test(found.stem)) return 'seg'
  return /[_-]seg$/i.test(found.stem) ? found.stem : `${found.stem}_seg`
}
