import type { Sequence } from '../../contract/anatomy.ts'

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

/** A NIfTI file whose name says nothing usable, and why. */
export interface UnnamedImage {
  readonly reason: string
}

/** Path parts, whatever the separator of the system. */
export function pathParts(path: string): string[] {
  return path.split(/[\\/]/).filter((part) => part !== '')
}

/**
 * File name without `.nii` or `.nii.gz`; null where the file is no NIfTI by its name. Hidden files are none: macOS leaves
 * a `._` companion beside every file it copies to a foreign disk.
 */
export function niftiStem(path: string): string | null {
  const match = /^([^.].*)\.nii(?:\.gz)?$/i.exec(pathParts(path).at(-1) ?? '')
  return match ? match[1] : null
}
