import { imageNameParts } from '../../imaging/deidentify/index.ts'
import type { KeyedIdentities } from './keyedIdentity.ts'

/**
 * Names for images and their sidecars: a keyed code of the subject and a word that says what is in the file. Files with the
 * same stem get the same name; two stems never do.
 */
export function imageOutputNames(identities: KeyedIdentities): (stem: string) => string {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  return (stem) => {
    const known = names.get(stem)
    if (known !== undefined) return known
    const { subject, suffix } = imageNameParts(stem)
    const code = `subject-${identities.code('subject', subject, 12)}`
    let name = `${code}/${code}_${suffix}`
    for (let number = 2; taken.has(name); number++) name = `${code}/${code}_${number}_${suffix}`
    names.set(stem, name)
    taken.add(name)
    return name
  }
}
