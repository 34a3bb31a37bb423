import type { PixelFormat } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import type { DicomFile } from './readDicomFile.ts'
import { TAG, UNDEFINED_LENGTH } from './tags.ts'

/** Larger than any MR image, and small enough that a forged compressed frame costs at most 256 MiB. */
const MAX_SIDE = 8192
const MAX_FRAMES = 65_535

/** What pixels may look like; a segmentation may be of single bits, or show its numbers by a palette. */
interface AllowedPixels {
  readonly bitsAllocated: readonly number[]
  readonly photometric: RegExp
}

const IMAGE_PIXELS: AllowedPixels = {
  bitsAllocated: [8, 16, 32],
  photometric: /^MONOCHROME[12]$/,
}

/**
 * Reads how pixels are stored and refuses what contradicts itself, before anything is allocated for them.
 *
 * @throws GliadeskError BAD_FILE
 */
export function readPixelFormat(file: DicomFile, allowed = IMAGE_PIXELS): PixelFormat {
  const { dataSet, content, transferSyntax } = file
  const refuse = (problem: string, remedy?: string): never => {
    throw dicomProblem(content.name, problem, remedy)
  }
  const whole = (tag: number, title: string, least: number, most: number, absent?: number) => {
    const value = dataSet.number(tag) ?? absent
    if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
      return refuse(`its ${title} is ${value ?? 'missing or no number'}.`)
    }
    return value
  }
  const rows = whole(TAG.rows, 'number of rows', 1, MAX_SIDE)
  const columns = whole(TAG.columns, 'number of columns', 1, MAX_SIDE)
  const frames = dataSet.text(TAG.frameCount) === null ? 1 : undefined
  const frameCount = whole(TAG.frameCount, 'number of frames', 1, MAX_FRAMES, frames)
  const bitsAllocated = whole(TAG.bitsAllocated, 'number of bits allocated', 1, 64)
  if (!allowed.bitsAllocated.includes(bitsAllocated)) {
    refuse(
      `its pixels take ${bitsAllocated} bits each; ${allowed.bitsAllocated.join(', ')} can be read.`,
    )
  }
  const bitsStored = whole(TAG.bitsStored, 'number of bits stored', 1, bitsAllocated, bitsAllocated)
  const least = bitsStored - 1
  const highBit = whole(TAG.highBit, 'high bit', least, bitsAllocated - 1, least)
  const samples = whole(TAG.samplesPerPixel, 'number of samples a pixel', 1, 4, 1)
  const photometric = dataSet.text(TAG.photometric) ?? 'MONOCHROME2'
  if (samples !== 1 || !allowed.photometric.test(photometric)) {
    refuse(
      `it is a colour image (${photometric}), which shows measurements instead of holding them.`,
      'Import the original series; a colour map or a screenshot takes no part.',
    )
  }
  const element = dataSet.elements.get(TAG.pixelData)
  const isEncapsulated = transferSyntax.coding !== 'native'
  const format = {
    coding: transferSyntax.coding,
    littleEndian: transferSyntax.littleEndian,
    rows,
    columns,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: whole(TAG.pixelRepresentation, 'pixel representation', 0, 1, 0) === 1,
    inverted: photometric === 'MONOCHROME1',
    frameCount,
    offset: element?.offset ?? 0,
    length: isEncapsulated ? null : (element?.length ?? 0),
  }
  if (!isEncapsulated) checkLength(file, format)
  return format
}

/** The pixels that rows, columns and frames promise must be in the file. */
function checkLength(file: DicomFile, format: PixelFormat): void {
  const { rows, columns, frameCount, bitsAllocated, offset, length } = format
  const needed = Math.ceil((rows * columns * frameCount * bitsAllocated) / 8)
  const stated = length === UNDEFINED_LENGTH || length === null ? 0 : length
  const there = Math.min(stated, file.content.sizeBytes - offset)
  if (there >= needed) return
  throw dicomProblem(
    file.content.name,
    `the pixel data are cut short: ${needed} bytes are needed for ${columns} × ${rows} × ${frameCount} ` +
      `pixels, ${Math.max(0, there)} are there.`,
  )
}
