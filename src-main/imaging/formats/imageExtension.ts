/** Endings of image files that are read; a pair is named by its header. */
const ENDINGS = /^([^.].*?)((?:\.seg)?\.nrrd|\.nhdr|\.nii(?:\.gz)?|\.hdr|\.mha|\.mhd)$/i

/** A file name cut into stem and ending. */
export interface ImageFileName {
  readonly stem: string
  /** Lower case, with its dot. */
  readonly ending: string
}

/**
 * Stem and ending of an image file's name; null where the ending is none that is read. Hidden files are none: macOS
 * leaves a `._` companion beside every file it copies to a foreign disk.
 */
export function splitImageName(fileName: string): ImageFileName | null {
  const match = ENDINGS.exec(fileName)
  return match ? { stem: match[1], ending: match[2].toLowerCase() } : null
}
