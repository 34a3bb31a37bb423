import { badFile } from '../volume/index.ts'
import { GzipError } from './gzip.ts'

/** Words for a failed decompression; any other error comes back as it is. */
export function explainGzip(error: unknown, fileName: string): unknown {
  if (!(error instanceof GzipError)) return error
  const problem = {
    CORRUPT: 'the compression is damaged, so the voxels cannot be trusted.',
    TRUNCATED: 'the compressed data ends early; the file was cut off, perhaps during copying.',
    TOO_LARGE: 'decompresses to far more data than its header announces.',
  }[error.reason]
  return badFile(fileName, problem, undefined, { cause: error })
}
