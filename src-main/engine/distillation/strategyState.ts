import { GliadeskError } from '../../contract/index.ts'
import type { RandomState, RandomStream } from '../../imaging/random/randomStream.ts'
import type { NamedArray } from '../networks/index.ts'

/** A checkpoint's entry of this name and shape. Throws BAD_FILE where it is missing or differs. */
export function takeArray(
  state: ReadonlyMap<string, NamedArray>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const found = state.get(name)
  if (!found || found.shape.join() !== shape.join()) {
    throw new GliadeskError(
      'BAD_FILE',
      `The checkpoint's distillation entry "${name}" ${
        found ? `has shape ${found.shape.join('×')} instead of ${shape.join('×')}` : 'is missing'
      }.`,
      'It belongs to another plan or is damaged: resume from the checkpoint before it, or start the run again.',
    )
  }
  return Float32Array.from(found.values)
}

/** The stream's four 32-bit words as eight 16-bit halves, which single precision holds exactly. */
export function streamState(stream: RandomStream): NamedArray {
  const halves = stream.state().flatMap((word) => [word >>> 16, word & 0xffff])
  return { shape: [8], values: Float32Array.from(halves) }
}

export function restoreStream(stream: RandomStream, halves: Float32Array): void {
  const word = (i: number): number => ((halves[2 * i] << 16) | halves[2 * i + 1]) >>> 0
  const words: RandomState = [word(0), word(1), word(2), word(3)]
  stream.restore(words)
}
