/** A NIfTI number type that this program reads. */
export interface NiftiDatatype {
  readonly name: string
  readonly bytes: number
}

/** Real number types by NIfTI code. */
export const REAL_DATATYPES: ReadonlyMap<number, NiftiDatatype> = new Map([
  [2, { name: 'uint8', bytes: 1 }],
  [4, { name: 'int16', bytes: 2 }],
  [8, { name: 'int32', bytes: 4 }],
  [16, { name: 'float32', bytes: 4 }],
  [64, { name: 'float64', bytes: 8 }],
  [256, { name: 'int8', bytes: 1 }],
  [512, { name: 'uint16', bytes: 2 }],
  [768, { name: 'uint32', bytes: 4 }],
  [1024, { name: 'int64', bytes: 8 }],
  [1280, { name: 'uint64', bytes: 8 }],
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
