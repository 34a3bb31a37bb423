import { z } from 'zod'
import { idSchema } from './cases.ts'
import { importedNetworkSchema } from './importedNetwork.ts'

/**
 * `unet`: 3D U-Net in nnU-Net's form. `resenc`: the same with a deep residual encoder and a light decoder. `vnet`:
 * residual stages that add their input, learned down-sampling. `meshnet`: one resolution, dilated convolutions.
 * docs/networks.md describes each.
 */
export const NETWORK_KINDS = ['unet', 'resenc', 'vnet', 'meshnet'] as const
export type NetworkKind = (typeof NETWORK_KINDS)[number]

export const networkSchema = z
  .object({
    kind: z.enum(NETWORK_KINDS),
    /** Feature channels a level, finest first; the number of levels follows from it. A MeshNet has one level. */
    channels: z.array(z.int().min(2).max(512)).min(1).max(6),
    /** Convolutions of each level of a U-Net, and of each decoder level of a residual-encoder U-Net. */
    convolutionsPerLevel: z.int().min(1).max(4),
    /** Of a U-Net's levels; the encoder of `resenc` and the stages of `vnet` are residual whatever it says. */
    residual: z.boolean(),
    /** Extra outputs at coarser decoder levels, weighted 1, ½, ¼ … in the loss. */
    deepSupervision: z.boolean(),
    /**
     * What the network answers: a probability for each label (default), or for each of the regions WT, TC, ET, which are
     * scored. Labels follow from regions by BraTS's nesting.
     */
    head: z.enum(['classes', 'regions']).optional(),
    /** Residual blocks of each encoder level of `resenc`, convolutions of each stage of `vnet`; finest first. */
    blocks: z.array(z.int().min(1).max(8)).optional(),
    /** Of a MeshNet's layers, first to last; powers of two. */
    dilations: z
      .array(z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)]))
      .min(2)
      .max(16)
      .optional(),
    /**
     * Edge of the isotropic voxels the network works on, mm: cases on another grid are resampled to it and
     * the answer back. Absent: the network works on each case's own grid.
     */
    spacingMm: z.number().positive().optional(),
    /** Trained with sequences blanked at random: it reads any subset of its sequences, absent ones as zeros. */
    acceptsMissing: z.boolean().optional(),
    /**
     * A frozen network of another framework, run from its own file; the rest of this record then describes the U-Net that
     * comes nearest, for estimates. Absent: a network of this program.
     */
    imported: importedNetworkSchema.optional(),
  })
  .superRefine(({ kind, channels, blocks, dilations, deepSupervision }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (kind === 'meshnet') {
      if (channels.length !== 1) refuse('channels', 'a MeshNet has one level')
      if (!dilations) refuse('dilations', 'a MeshNet needs the dilations of its layers')
      if (deepSupervision) refuse('deepSupervision', 'a MeshNet has one output')
      return
    }
    if (channels.length < 2) refuse('channels', 'at least two levels')
    if (kind !== 'unet' && blocks?.length !== channels.length) {
      refuse('blocks', 'one count a level')
    }
  })
export type NetworkConfig = z.infer<typeof networkSchema>

export const recipeSchema = z.object({
  id: idSchema,
  title: z.string(),
  description: z.string(),
  network: networkSchema,
  /** Patch size in voxels along x, y, z. */
  patchSize: z.tuple([z.int(), z.int(), z.int()]),
  batchSize: z.int().positive(),
  learningRate: z.number().positive(),
  steps: z.int().positive(),
})
export type Recipe = z.infer<typeof recipeSchema>
