import dictionary from './dataDictionary.json' with { type: 'json' }

const VR_OF = new Map<number, string>()
for (const [vr, tags] of Object.entries(dictionary)) {
  for (let at = 0; at < tags.length; at += 8) {
    VR_OF.set(Number.parseInt(tags.slice(at, at + 8), 16), vr)
  }
}

/**
 * The value representation that the data dictionary (PS3.6) gives a tag; the first one where several are possible.
 *
 * @returns null for private tags and for those that the dictionary does not know
 */
export function dictionaryVr(tag: number): string | null {
  const known = VR_OF.get(tag)
  if (known !== undefined) return known
  const group = Math.floor(tag / 0x1_0000)
  // Curves and overlays repeat in the even groups 5000–501E and 6000–601E.
  if (
    (group & 1) === 0 &&
    ((group > 0x5000 && group <= 0x501e) || (group > 0x6000 && group <= 0x601e))
  )
    return VR_OF.get((group & 0xff00) * 0x1_0000 + (tag % 0x1_0000)) ?? null
  return null
}
