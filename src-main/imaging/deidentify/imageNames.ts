/** Last part of a file's name that says what is in it: a sequence, a label, or a channel's number. */
const SUFFIXES: ReadonlySet<string> = new Set(
  `flair t1 t1w t1ce t1gd t1c t1n t2 t2w t2f pd pdw swi dwi adc seg mask label labels dseg probseg brain pet ct`.split(
    ' ',
  ),
)
/** Folders that sort files and name nobody. */
const STRUCTURAL: ReadonlySet<string> = new Set(
  `imagestr labelstr imagests labelsts images labels anat dwi perf derivatives segmentations rawdata sourcedata`.split(
    ' ',
  ),
)

/** What a path tells of an image. */
export interface ImageNameParts {
  /** Tells one patient's or scan's files from another's; goes through a keyed function and nowhere else. */
  readonly subject: string
  /** A word of a fixed list, or "image". */
  readonly suffix: string
}

/**
 * Takes the name of an image or sidecar apart, e.g. `sub-7/anat/sub-7_T1w` or `BraTS_001/BraTS_001_flair`. Files of one
 * subject have the same `subject` wherever that can be told from BIDS labels, or the name before the last `_`.
 *
 * @param stem path below the folder that is read, with "/", without extension
 */
export function imageNameParts(stem: string): ImageNameParts {
  const parts = stem.split('/')
  const name = parts.pop() ?? ''
  const match = /^(?:(.*)[_-])?([A-Za-z0-9]+)$/.exec(name)
  const last = match?.[2].toLowerCase() ?? ''
  const isSuffix = SUFFIXES.has(last) || /^000\d$/.test(last)
  const rest = isSuffix ? (match?.[1] ?? '') : name
  const label = /(?:^|_)(sub-[A-Za-z0-9]+)(?:_(ses-[A-Za-z0-9]+))?/.exec(name)
  const folders = parts.filter((part) => !STRUCTURAL.has(part.toLowerCase()))
  const subject = label
    ? `${label[1]}/${label[2] ?? ''}`
    : [...folders, ...(rest === '' || rest === folders.at(-1) ? [] : [rest])].join('/')
  return { subject, suffix: isSuffix ? last : 'image' }
}
