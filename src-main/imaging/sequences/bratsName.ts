import type { ImageRole, NamedImage } from './imageName.ts'
import { imageStem, pathParts } from './imageName.ts'

const CLASSIC = 'BraTS up to 2021'
const SINCE_2023 = 'BraTS from 2023'
const OTHER = 'a common variant of the BraTS names'

/** Endings of BraTS file names, lower case. */
const ENDINGS: ReadonlyMap<string, { role: ImageRole; edition: string }> = new Map([
  ['flair', { role: 'flair', edition: CLASSIC }],
  ['t1', { role: 't1', edition: CLASSIC }],
  ['t1ce', { role: 't1ce', edition: CLASSIC }],
  ['t2', { role: 't2', edition: CLASSIC }],
  ['seg', { role: 'label', edition: 'BraTS' }],
  ['t2f', { role: 'flair', edition: SINCE_2023 }],
  ['t1n', { role: 't1', edition: SINCE_2023 }],
  ['t1c', { role: 't1ce', edition: SINCE_2023 }],
  ['t2w', { role: 't2', edition: SINCE_2023 }],
  ['t1gd', { role: 't1ce', edition: OTHER }],
  ['segm', { role: 'label', edition: OTHER }],
])

/**
 * Reads a BraTS name: `<case>_flair.nii.gz`, `<case>-t2f.nii.gz`, or `flair.nii.gz` in a folder named after the
 * case. Null where the name does not end so.
 */
export function readBratsName(path: string): NamedImage | null {
  const stem = imageStem(path)
  const match = stem === null ? null : /^(?:(.+)([_-]))?([a-z0-9]+)$/i.exec(stem)
  const ending = match ? ENDINGS.get(match[3].toLowerCase()) : undefined
  if (!match || !ending) return null
  const caseName = match[1] ?? pathParts(path).at(-2)
  if (caseName === undefined) return null
  return {
    layout: 'brats',
    caseName,
    role: ending.role,
    reason: `name ends in "${match[2] ?? ''}${match[3]}" (${ending.edition})`,
    rank: 0,
  }
}
