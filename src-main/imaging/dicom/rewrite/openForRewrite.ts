import type { ByteSource } from '../read/byteSource.ts'
import { bytesAsSource } from '../read/byteSource.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import { InflateError, inflateDataSet } from '../read/inflateDataSet.ts'
import { hasMagic, locateDataSet } from '../read/locateDataSet.ts'
import { MalformedDataSet, OutOfBytes, type Encoding } from '../read/parseDataSet.ts'
import { MAX_INFLATED_BYTES } from '../read/readDicomFile.ts'
import { ITEM, SEQUENCE_END, UNDEFINED_LENGTH } from '../read/tags.ts'
import { TRANSFER_SYNTAXES, type TransferSyntax } from '../read/transferSyntax.ts'
import type { BulkElement, TreeElement } from './dataSetTree.ts'
import { parseMetaTree, parseTree, type ParsedTree } from './parseTree.ts'

/** A DICOM file with every element in memory but its pixels, which stay where they are. */
export interface OpenedDicom {
  readonly transferSyntaxUid: string
  readonly transferSyntax: TransferSyntax
  /** The file meta group; empty where the file has none. */
  readonly meta: readonly TreeElement[]
  readonly elements: readonly TreeElement[]
  readonly bulk: BulkElement | null
  /** What `bulk.offset` counts in: the file, or its inflated content. */
  readonly content: ByteSource
  /** Bytes that follow the pixels: padding, signatures, or what somebody left there. Never written again. */
  readonly trailingBytes: number
}

const FIRST_BYTES = 64 * 1024
const MAX_HEAD_BYTES = 256 * 1024 ** 2

/**
 * Opens a DICOM file to write it again with other values.
 *
 * @returns null where the file is no DICOM
 * @throws GliadeskError BAD_FILE for a damaged file, a transfer syntax that is not known, or a header over 256 MiB
 */
export async function openForRewrite(source: ByteSource): Promise<OpenedDicom | null> {
  try {
    return await open(source)
  } catch (error) {
    if (error instanceof OutOfBytes) throw dicomProblem(source.name, 'the file is cut short.')
    if (error instanceof MalformedDataSet) {
      throw dicomProblem(source.name, `the header cannot be read: ${error.message}.`)
    }
    if (error instanceof InflateError) {
      throw dicomProblem(source.name, 'its compressed content is damaged or too large.')
    }
    throw error
  }
}

async function open(source: ByteSource): Promise<OpenedDicom | null> {
  let bytes = await source.read(0, Math.min(FIRST_BYTES, source.sizeBytes))
  const located = locateDataSet(bytes)
  if (!located) return null
  const { start, transferSyntax: transferSyntaxUid } = located
  const transferSyntax = TRANSFER_SYNTAXES.get(transferSyntaxUid)
  if (!transferSyntax) {
    throw dicomProblem(
      source.name,
      `its transfer syntax ${transferSyntaxUid} is not one that Gliadesk can read.`,
      'Export the series uncompressed (Explicit VR Little Endian) or as lossless JPEG 2000.',
    )
  }
  const meta = metaOf(bytes, start)
  const shared = { transferSyntaxUid, transferSyntax, meta }
  if (transferSyntax.deflated) {
    const whole = await source.read(0, source.sizeBytes)
    const content = bytesAsSource(
      source.name,
      inflateDataSet(whole.subarray(start), MAX_INFLATED_BYTES),
    )
    const inflated = await content.read(0, content.sizeBytes)
    return {
      ...shared,
      ...(await finish(parseTree(inflated, 0, transferSyntax), content, transferSyntax)),
    }
  }
  for (;;) {
    try {
      const tree = parseWhole(bytes, start, source.sizeBytes, transferSyntax)
      return { ...shared, ...(await finish(tree, source, transferSyntax)) }
    } catch (error) {
      const isWhole = bytes.length >= source.sizeBytes
      if (!(error instanceof OutOfBytes) || isWhole || bytes.length >= MAX_HEAD_BYTES) throw error
    }
    const longer = await source.read(
      0,
      Math.min(bytes.length * 4, source.sizeBytes, MAX_HEAD_BYTES),
    )
    if (longer.length <= bytes.length) throw new OutOfBytes()
    bytes = longer
  }
}

function metaOf(bytes: Uint8Array, dataSetStart: number): TreeElement[] {
  const start = hasMagic(bytes) ? 132 : 0
  if (start >= dataSetStart) return []
  // Without magic, stray bytes may stand before a meta group: what is then found is no group 2 and left out.
  return parseMetaTree(bytes.subarray(0, dataSetStart), start).elements
}

/** A data set without pixels ends with the file: the bytes at hand must be all of it. */
function parseWhole(
  bytes: Uint8Array,
  start: number,
  sizeBytes: number,
  encoding: Encoding,
): ParsedTree {
  const tree = parseTree(bytes, start, encoding)
  if (tree.bulk === null && bytes.length < sizeBytes) throw new OutOfBytes()
  return tree
}

async function finish(
  { elements, bulk }: ParsedTree,
  content: ByteSource,
  { littleEndian }: Encoding,
): Promise<Pick<OpenedDicom, 'elements' | 'bulk' | 'content' | 'trailingBytes'>> {
  if (bulk === null) return { elements, bulk, content, trailingBytes: 0 }
  const isEncapsulated = bulk.length === UNDEFINED_LENGTH
  const fragments = isEncapsulated ? await walkFragments(content, bulk.offset, littleEndian) : null
  const length = fragments?.length ?? bulk.length
  const end = fragments?.end ?? bulk.offset + bulk.length
  if (end > content.sizeBytes) throw new OutOfBytes()
  const { tag, vr, offset } = bulk
  return {
    elements,
    bulk: { tag, vr, offset, length, isEncapsulated },
    content,
    trailingBytes: content.sizeBytes - end,
  }
}

/** Goes from fragment to fragment by their heads alone, which are read in windows. */
async function walkFragments(
  content: ByteSource,
  start: number,
  littleEndian: boolean,
): Promise<{ length: number; end: number }> {
  let position = start
  let window = new Uint8Array()
  let windowStart = 0
  for (;;) {
    // Some writers leave the closing delimiter out at the end of the file.
    if (position === content.sizeBytes) return { length: position - start, end: position }
    if (position + 8 > content.sizeBytes) throw new OutOfBytes()
    if (position + 8 > windowStart + window.length || position < windowStart) {
      window = new Uint8Array(await content.read(position, 4096))
      windowStart = position
    }
    const view = new DataView(window.buffer, window.byteOffset, window.byteLength)
    const at = position - windowStart
    const tag = view.getUint16(at, littleEndian) * 0x1_0000 + view.getUint16(at + 2, littleEndian)
    const length = view.getUint32(at + 4, littleEndian)
    if (tag === SEQUENCE_END) return { length: position - start, end: position + 8 }
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw new MalformedDataSet('its compressed pixels hold something else than fragments')
    }
    position += 8 + length
    if (position > content.sizeBytes) throw new OutOfBytes()
  }
}
