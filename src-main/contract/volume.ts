import { z } from 'zod'

const vector3 = z.tuple([z.number(), z.number(), z.number()])

/**
 * The lattice a volume is sampled on. Voxel (i, j, k) lies at flat index i + dims[0]·(j + dims[1]·k);
 * `indexToWorld` is a row-major 4×4 matrix from voxel index to millimetres in RAS+ space.
 */
export const volumeGridSchema = z.object({
  dims: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  spacingMm: vector3,
  indexToWorld: z.array(z.number()).length(16),
})
export type VolumeGrid = z.infer<typeof volumeGridSchema>

export const voxelTypeSchema = z.enum(['uint8', 'int16', 'uint16', 'float32'])
export type VoxelType = z.infer<typeof voxelTypeSchema>

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

/** Where the raw little-endian voxels of a volume can be fetched (`/data/<sha256>`), and how to read them. */
export const volumeRefSchema = z.object({
  sha256: sha256Schema,
  byteLength: z.int().nonnegative(),
  voxelType: voxelTypeSchema,
  grid: volumeGridSchema,
  /** Intensities in stored units; percentiles are of the non-zero voxels. Null for labelmaps. */
  intensity: z
    .object({
      min: z.number(),
      max: z.number(),
      p001: z.number(),
      p999: z.number(),
      /** The display window that the file's header asks for; absent where it asks for none. */
      window: z.object({ low: z.number(), high: z.number() }).optional(),
    })
    .nullable(),
})
export type VolumeRef = z.infer<typeof volumeRefSchema>
