import type { VolumeGrid } from '../../contract/volume.ts'

/** Which field of the header gave the geometry, in nibabel's order of preference. */
export type AffineSource = 'sform' | 'qform' | 'pixdim'

/** What a NIfTI header says, plus its bytes, so that a file can be written back as it came. */
export interface NiftiHeader {
  readonly version: 1 | 2
  readonly littleEndian: boolean
  /** Lengths of the first three dimensions in voxels. */
  readonly dims: readonly [number, number, number]
  /** How many volumes follow one another (time points, echoes, sequences); 1 for a plain image. */
  readonly frames: number
  /** True where the voxels lie in an `.img` file beside this header. */
  readonly isPair: boolean
  readonly grid: VolumeGrid
  readonly affineSource: AffineSource
  readonly qformCode: number
  readonly sformCode: number
  /** NIfTI datatype code, e.g. 4 for int16. */
  readonly datatype: number
  /** `physical = slope * stored + intercept`; 1 and 0 where the file gives no scaling. */
  readonly slope: number
  readonly intercept: number
  /** Byte at which the voxels start. */
  readonly voxelOffset: number
  readonly description: string
  /**
   * The bytes before the voxels: header and extensions. After `readNiftiHeader` only as many as were
   * at hand, at least the fixed header.
   */
  readonly raw: Uint8Array
  /** Oddities that were put right while reading, each in one sentence. */
  readonly warnings: readonly string[]
}
