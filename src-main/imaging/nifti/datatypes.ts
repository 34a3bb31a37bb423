import type { StoredType } from '../volume/index.ts'

/** Real number types by NIfTI code. */
export const REAL_DATATYPES: ReadonlyMap<number, StoredType> = new Map([
  [2, 'uint8'],
  [4, 'int16'],
  [8, 'int32'],
  [16, 'float32'],
  [64, 'float64'],
  [256, 'int8'],
  [512, 'uint16'],
  [768, 'uint32'],
  [1024, 'int64'],
  [1280, 'uint64'],
])

/** Types the standard knows but that are no single real number a voxel, or one that JavaScript lacks. */
export const UNREADABLE_DATATYPES: ReadonlyMap<number, string> = new Map([
  [1, 'one bit a voxel'],
  [32, 'complex numbers'],
  [128, 'colours (RGB), not intensities'],
  [1536, '128-bit numbers'],
  [1792, 'complex numbers'],
  [2048, 'complex numbers'],
  [2304, 'colours (RGBA), not intensities'],
])

/** NIfTI code of each voxel type that is written. */
export const DATATYPE_OF_VOXEL_TYPE = { uint8: 2, int16: 4, float32: 16, uint16: 512 } as const
