import { Deflate } from 'fflate'
import type { ByteSource } from '../read/byteSource.ts'
import type { TransferSyntax } from '../read/transferSyntax.ts'
import type { BulkElement, TreeElement } from './dataSetTree.ts'
import { bulkHead, bulkTail, totalLength, writeTree } from './writeTree.ts'

export interface RewrittenDicom {
  readonly transferSyntax: TransferSyntax
  /** Group 2, without its length, which is computed. */
  readonly meta: readonly TreeElement[]
  readonly elements: readonly TreeElement[]
  readonly bulk: BulkElement | null
  readonly content: ByteSource
}

/** Pixels go from file to file in pieces of this size. */
const COPY_BYTES = 4 * 1024 ** 2
const META = { explicit: true, littleEndian: true }

/**
 * A DICOM file as pieces that follow one another: an empty preamble, the meta group, the elements, and the pixels as they
 * lie in `content`, in the transfer syntax they came in.
 */
export async function* writeRewritten(
  file: RewrittenDicom,
): AsyncGenerator<Uint8Array, void, void> {
  yield preamble()
  const meta = writeTree(file.meta, META)
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, totalLength(meta), true)
  yield* writeTree(
    [{ kind: 'leaf', tag: 0x0002_0000, vr: 'UL', value: length, isEncapsulated: false }],
    META,
  )
  yield* meta
  if (file.transferSyntax.deflated) yield* deflated(dataSetPieces(file))
  else yield* dataSetPieces(file)
}

function preamble(): Uint8Array {
  const bytes = new Uint8Array(132)
  bytes.set(new TextEncoder().encode('DICM'), 128)
  return bytes
}

async function* dataSetPieces(file: RewrittenDicom): AsyncGenerator<Uint8Array, void, void> {
  const { elements, bulk, content, transferSyntax } = file
  yield* writeTree(elements, transferSyntax)
  if (!bulk) return
  yield bulkHead(bulk, transferSyntax)
  for (let done = 0; done < bulk.length; done += COPY_BYTES) {
    yield await content.read(bulk.offset + done, Math.min(COPY_BYTES, bulk.length - done))
  }
  yield bulkTail(bulk, transferSyntax)
}

/** Raw deflate (PS3.5 A.5), padded to an even length as the standard asks. */
async function* deflated(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const ready: Uint8Array[] = []
  let length = 0
  const deflate = new Deflate((chunk) => {
    ready.push(chunk)
    length += chunk.length
  })
  // The compressor keeps a piece until it is used: it is given one of its own.
  for await (const piece of pieces) {
    deflate.push(piece.slice())
    yield* ready.splice(0)
  }
  deflate.push(new Uint8Array(), true)
  yield* ready.splice(0)
  if (length % 2 === 1) yield new Uint8Array(1)
}
