import { ITEM, SEQUENCE_END } from './tags.ts'

/** Where the codestream of every frame lies: one or more pieces of the content. */
export type FramePieces = readonly { readonly offset: number; readonly length: number }[]

/**
 * Finds the frames in encapsulated pixel data (PS3.5 A.4): a Basic Offset Table, then fragments. With one fragment a
 * frame the fragments are the frames; else the table says where frames begin; a single frame takes all of them.
 *
 * @param bytes the content from its pixel data on
 * @param base what is added to every offset
 * @returns null where the fragments do not lead to `frameCount` frames
 */
export function splitFragments(
  bytes: Uint8Array,
  base: number,
  frameCount: number,
): FramePieces[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fragments: { offset: number; length: number; start: number }[] = []
  let table: number[] | null = null
  let position = 0
  let firstFragment = 0
  while (position + 8 <= bytes.length) {
    const tag = view.getUint16(position, true) * 0x1_0000 + view.getUint16(position + 2, true)
    const length = view.getUint32(position + 4, true)
    if (tag === SEQUENCE_END) break
    const offset = position + 8
    if (tag !== ITEM || length > bytes.length - offset) return null
    if (table === null) {
      table = []
      for (let at = 0; at + 4 <= length; at += 4) table.push(view.getUint32(offset + at, true))
      firstFragment = offset + length
    } else {
      fragments.push({ offset: offset + base, length, start: position - firstFragment })
    }
    position = offset + length
  }
  if (fragments.length === 0 || table === null) return null
  if (frameCount === 1) return [fragments]
  if (fragments.length === frameCount) return fragments.map((fragment) => [fragment])
  if (table.length !== frameCount) return null
  const starts = table
  return starts.map((start, frame) => {
    const end = starts[frame + 1] ?? Infinity
    return fragments.filter((fragment) => fragment.start >= start && fragment.start < end)
  })
}
