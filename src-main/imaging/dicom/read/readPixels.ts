import { decodeFrame } from './decodeFrame.ts'
import type { DicomFrame, DicomInstance } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import { splitFragments, type FramePieces } from './splitFragments.ts'
import type { StoredValues } from './storedValues.ts'

/** Reads frames of instances; remembers where the frames of a compressed multi-frame file lie. */
export interface PixelReader {
  /** @throws GliadeskError BAD_FILE */
  read(frame: DicomFrame): Promise<StoredValues>
}

export function createPixelReader(): PixelReader {
  const pieces = new Map<DicomInstance, FramePieces[]>()

  const piecesOf = async (instance: DicomInstance): Promise<FramePieces[]> => {
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

  const bytesOf = async ({ instance, index }: DicomFrame): Promise<Uint8Array> => {
    const { content, pixels } = instance
    if (pixels.length !== null) {
      const size = (pixels.rows * pixels.columns * pixels.bitsAllocated) / 8
      return content.read(pixels.offset + index * size, size)
    }
    const parts = await Promise.all(
      (await piecesOf(instance))[index].map(({ offset, length }) => content.read(offset, length)),
    )
    if (parts.length === 1) return parts[0]
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let position = 0
    for (const part of parts) {
      whole.set(part, position)
      position += part.length
    }
    return whole
  }

  return { read: async (frame) => decodeFrame(frame.instance, await bytesOf(frame)) }
}
