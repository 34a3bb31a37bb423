import { decodeFrame } from './decodeFrame.ts'
import type { PixelSource } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import { splitFragments, type FramePieces } from './splitFragments.ts'
import type { StoredValues } from './storedValues.ts'
import { joinBytes } from '../../bytes/index.ts'

/** Which frame of which pixels, from 0. */
interface FrameOfPixels {
  readonly instance: PixelSource
  readonly index: number
}

/** Reads frames of instances; remembers where the frames of a compressed multi-frame file lie. */
export interface PixelReader {
  /** @throws GliadeskError BAD_FILE */
  read(frame: FrameOfPixels): Promise<StoredValues>
}

export function createPixelReader(): PixelReader {
  const pieces = new Map<PixelSource, FramePieces[]>()

  const piecesOf = async (instance: PixelSource): Promise<FramePieces[]> => {
    const known = pieces.get(instance)
    if (known) return known
    const { content, pixels } = instance
    const bytes = await content.read(pixels.offset, content.sizeBytes - pixels.offset)
    const found = splitFragments(bytes, pixels.offset, pixels.frameCount)
    if (!found) {
      throw dicomProblem(
        content.name,
        `its compressed pixel data do not hold the ${pixels.frameCount} frames that the header states.`,
      )
    }
    pieces.set(instance, found)
    return found
  }

  const bytesOf = async ({ instance, index }: FrameOfPixels): Promise<Uint8Array> => {
    const { content, pixels } = instance
    if (pixels.length !== null) {
      const size = (pixels.rows * pixels.columns * pixels.bitsAllocated) / 8
      return content.read(pixels.offset + index * size, size)
    }
    const parts = await Promise.all(
      (await piecesOf(instance))[index].map(({ offset, length }) => content.read(offset, length)),
    )
    return parts.length === 1 ? parts[0] : joinBytes(parts)
  }

  return { read: async (frame) => decodeFrame(frame.instance, await bytesOf(frame)) }
}
