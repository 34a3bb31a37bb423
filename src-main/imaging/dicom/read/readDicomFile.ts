import type { ByteSource } from './byteSource.ts'
import type { DataSet } from './dataSet.ts'
import { dicomProblem } from './dicomProblem.ts'
import { InflateError, inflateDataSet } from './inflateDataSet.ts'
import { locateDataSet } from './locateDataSet.ts'
import { MalformedDataSet, OutOfBytes, parseDataSet } from './parseDataSet.ts'
import { TRANSFER_SYNTAXES, type TransferSyntax } from './transferSyntax.ts'

/** The head of a DICOM file, and where its pixels can be read from. */
export interface DicomFile {
  readonly dataSet: DataSet
  readonly transferSyntaxUid: string
  readonly transferSyntax: TransferSyntax
  /** The file itself; its inflated content where it was deflated. Offsets in `dataSet` count from its start. */
  readonly content: ByteSource
}

/** Read first; holds the whole head of nearly every single-frame file. */
const FIRST_BYTES = 16 * 1024
/** Heads of multi-frame files grow with their frames; a longer one is refused. */
const MAX_HEAD_BYTES = 256 * 1024 ** 2
/** Most that a deflated file may hold, whatever its size. */
export const MAX_INFLATED_BYTES = 512 * 1024 ** 2

/**
 * Reads the head of a DICOM file, no further than its pixel data. Files without preamble, without meta group or
 * with a wrongly stated plain syntax are read like every other.
 *
 * @param wanted tags of the elements that are kept; those that import needs where not given
 * @returns null where the file is no DICOM
 * @throws GliadeskError BAD_FILE
 */
export async function readDicomFile(
  source: ByteSource,
  wanted?: ReadonlySet<number>,
): Promise<DicomFile | null> {
  try {
    return await readHead(source, wanted)
  } catch (error) {
    if (error instanceof OutOfBytes) {
      throw dicomProblem(source.name, 'the file ends in the middle of its header.')
    }
    if (error instanceof MalformedDataSet) {
      throw dicomProblem(source.name, `the header cannot be read: ${error.message}.`)
    }
    if (error instanceof InflateError) {
      const limit = `it holds more than ${MAX_INFLATED_BYTES / 1024 ** 2} MiB once inflated`
      const why = error.reason === 'TOO_LARGE' ? limit : 'its compressed content is damaged'
      throw dicomProblem(source.name, `the file was refused, because ${why}.`)
    }
    throw error
  }
}

async function readHead(
  source: ByteSource,
  wanted?: ReadonlySet<number>,
): Promise<DicomFile | null> {
  let bytes = await source.read(0, Math.min(FIRST_BYTES, source.sizeBytes))
  const located = locateDataSet(bytes)
  if (!located) return null
  const { start, transferSyntax: uid } = located
  const syntax = TRANSFER_SYNTAXES.get(uid)
  if (!syntax) {
    throw dicomProblem(
      source.name,
      `its transfer syntax ${uid} is not one that Gliadesk can read.`,
      'Export the series uncompressed (Explicit VR Little Endian) or as lossless JPEG 2000.',
    )
  }
  if (syntax.deflated) {
    const inflate = async (): Promise<Uint8Array> =>
      inflateDataSet((await source.read(0, source.sizeBytes)).subarray(start), MAX_INFLATED_BYTES)
    const content = await inflate()
    const dataSet = parseDataSet(content, 0, content.length, syntax, wanted)
    const inflated = inflatedSource(source.name, content, inflate)
    return { dataSet, transferSyntaxUid: uid, transferSyntax: syntax, content: inflated }
  }
  for (;;) {
    try {
      const dataSet = parseDataSet(bytes, start, bytes.length, syntax, wanted)
      return { dataSet, transferSyntaxUid: uid, transferSyntax: syntax, content: source }
    } catch (error) {
      const isWhole = bytes.length >= source.sizeBytes
      if (!(error instanceof OutOfBytes) || isWhole || bytes.length >= MAX_HEAD_BYTES) throw error
    }
    const longest = Math.min(bytes.length * 4, source.sizeBytes, MAX_HEAD_BYTES)
    const longer = await source.read(0, longest)
    if (longer.length <= bytes.length) throw new OutOfBytes()
    bytes = longer
  }
}

/** Inflated content that memory may drop and inflate again: thousands of files wait between head and pixels. */
function inflatedSource(
  name: string,
  content: Uint8Array,
  inflate: () => Promise<Uint8Array>,
): ByteSource {
  let kept = new WeakRef(content)
  return {
    name,
    sizeBytes: content.length,
    read: async (offset, length) => {
      const bytes = kept.deref() ?? (await inflate())
      kept = new WeakRef(bytes)
      return bytes.slice(offset, offset + length)
    },
  }
}
