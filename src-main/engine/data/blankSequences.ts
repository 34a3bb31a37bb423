import type { RandomStream } from '../../imaging/random/randomStream.ts'

/**
 * Sequence dropout: each channel is blanked with the given chance, and where that would leave nothing one of them, drawn
 * evenly, stays. Channels that the case does not have stay blank and are never the one that is left. Draws the same count
 * of numbers whatever comes out.
 *
 * @param present whether the case has the channel's sequence; at least one is true
 * @returns new arrays of zeros for blanked channels, the others as they are
 */
export function blankSequences(
  channels: readonly Float32Array[],
  present: readonly boolean[],
  chance: number,
  stream: RandomStream,
): Float32Array[] {
  const draws = channels.map(() => stream.chance(chance))
  const pick = stream.uniform()
  const candidates = channels.flatMap((_, c) => (present[c] ? [c] : []))
  const stays = channels.map((_, c) => present[c] && !draws[c])
  if (!stays.includes(true)) stays[candidates[Math.floor(pick * candidates.length)]] = true
  return channels.map((channel, c) => (stays[c] ? channel : new Float32Array(channel.length)))
}
