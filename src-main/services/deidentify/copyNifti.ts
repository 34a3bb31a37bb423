import { pipeline } from 'node:stream/promises'
import { PassThrough, Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { GliadeskError } from '../../contract/index.ts'
import {
  createChangeTally,
  NIFTI_HEADER_BYTES,
  scrubNiftiHeader,
} from '../../imaging/deidentify/index.ts'
import type { ByteSource } from '../../imaging/dicom/index.ts'
import type { Copied } from './copyDicom.ts'
import type { OutputFolder } from './outputFolder.ts'

/** No image of a head is larger; a header that claims more is an attack on the disk. */
const MAX_IMAGE_BYTES = 16 * 1024 ** 3
const READ_BYTES = 1024 ** 2

export interface NiftiCopyRequest {
  /** The file, or the .hdr of a pair. */
  readonly source: ByteSource
  /** The .img that belongs to a .hdr. */
  readonly image: ByteSource | null
  readonly output: OutputFolder | null
  /** Name below the output folder, without an ending. */
  readonly name: string
  /** One byte a voxel of a single volume: where it is 0, the voxel's bytes become 0. */
  readonly inside: Uint8Array | null
}

/**
 * Copies a NIfTI image with an emptied header and without extensions; voxels go through unchanged but for `inside`, and
 * nothing that follows them is copied. Compressed files are compressed anew, without the name that gzip keeps.
 *
 * @throws GliadeskError BAD_FILE where it is no NIfTI file or is cut short
 */
export async function copyNifti(request: NiftiCopyRequest): Promise<Copied> {
  const { source, image, output, name } = request
  const tally = createChangeTally()
  const start = await firstBytes(contentOf(source), NIFTI_HEADER_BYTES)
  const header = scrubNiftiHeader(start, source.name, tally)
  if (header.isPair !== (image !== null)) {
    throw badFile(source.name, 'its header and the files beside it do not fit together')
  }
  if (header.dataBytes > MAX_IMAGE_BYTES) throw badFile(source.name, 'its image is over 16 GiB')
  const data = (): AsyncGenerator<Uint8Array, void, void> =>
    imageData(image ?? source, header.dataOffset, header.dataBytes, request.inside)
  const result = (written: string | null): Copied => ({
    kind: 'nifti',
    output: written,
    changes: tally.changes(),
    warnings: [],
  })
  if (!output) {
    await drain(data())
    return result(null)
  }
  const packed = (
    file: ByteSource,
    pieces: AsyncIterable<Uint8Array>,
  ): AsyncIterable<Uint8Array> => (isGzipped(file) ? gzipped(pieces) : pieces)
  const ending = (file: ByteSource, plain: string): string =>
    isGzipped(file) ? `${plain}.gz` : plain
  if (image) {
    const written = await output.write(name, ending(image, '.img'), packed(image, data()))
    const stem = written.replace(/\.img(\.gz)?$/, '')
    return result(
      await output.write(stem, ending(source, '.hdr'), packed(source, one(header.bytes))),
    )
  }
  const whole = joined(header.bytes, data())
  return result(await output.write(name, ending(source, '.nii'), packed(source, whole)))
}

const isGzipped = ({ name }: ByteSource): boolean => /\.gz$/i.test(name)

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes
}

async function* joined(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  yield first
  yield* rest
}

async function* contentOf(source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  const pieces = async function* (): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < source.sizeBytes; at += READ_BYTES) {
      yield await source.read(at, Math.min(READ_BYTES, source.sizeBytes - at))
    }
  }
  if (!isGzipped(source)) yield* pieces()
  else {
    const plain = new PassThrough()
    const done = pipeline(Readable.from(pieces()), createGunzip(), plain)
    // Whoever reads the plain bytes meets the failure; a reader that has enough makes it end early.
    done.catch(() => undefined)
    try {
      yield* plain as AsyncIterable<Uint8Array>
    } catch (cause) {
      throw badFile(source.name, 'its compressed content is damaged', cause)
    }
  }
}

async function* gzipped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const packed = new PassThrough()
  const done = pipeline(Readable.from(pieces), createGzip(), packed)
  done.catch(() => undefined)
  yield* packed as AsyncIterable<Uint8Array>
  await done
}

async function* imageData(
  source: ByteSource,
  offset: number,
  length: number,
  inside: NiftiCopyRequest['inside'],
): AsyncGenerator<Uint8Array, void, void> {
  let position = 0
  let done = 0
  for await (const chunk of contentOf(source)) {
    const from = Math.max(0, offset - position)
    position += chunk.length
    if (from >= chunk.length) continue
    const piece = chunk.slice(from, from + (length - done))
    if (inside) blank(piece, done, inside, length / inside.length)
    done += piece.length
    if (piece.length > 0) yield piece
    if (done === length) return
  }
  if (done < length) throw badFile(source.name, 'it is cut short')
}

function blank(piece: Uint8Array, offset: number, inside: Uint8Array, voxelBytes: number): void {
  for (let at = 0; at < piece.length; at++) {
    if (inside[Math.floor((offset + at) / voxelBytes)] === 0) piece[at] = 0
  }
}

async function firstBytes(pieces: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count)
  let filled = 0
  for await (const piece of pieces) {
    bytes.set(piece.subarray(0, count - filled), filled)
    filled = Math.min(count, filled + piece.length)
    if (filled === count) break
  }
  return bytes.subarray(0, filled)
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) if (piece.length === 0) return
}

const badFile = (name: string, what: string, cause?: unknown): GliadeskError =>
  new GliadeskError(
    'BAD_FILE',
    `${name}: ${what}.`,
    'Export the image again, or leave it out; it was not copied.',
    { cause },
  )
