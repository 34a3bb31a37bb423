import { GliadeskError } from '../../contract/index.ts'

/** Element types this program reads. Half precision is widened to 32 bits on reading. */
export const TENSOR_DTYPES = ['F32', 'F16', 'I32', 'U8'] as const
export type TensorDtype = (typeof TENSOR_DTYPES)[number]

export const BYTES_PER_ELEMENT: Record<TensorDtype, number> = { F32: 4, F16: 2, I32: 4, U8: 1 }

/** Bytes before the JSON header: its length, little-endian 64-bit. */
export const LENGTH_BYTES = 8

/** The format's own limit on the header. */
export const MAX_HEADER_BYTES = 100_000_000

/** A damaged or foreign weights file, in words for a reader. */
export const badSafetensors = (fileName: string, problem: string): GliadeskError =>
  new GliadeskError(
    'BAD_FILE',
    `${fileName} is not a valid safetensors file: ${problem}`,
    'Copy the file again from its source, or choose another model.',
  )
