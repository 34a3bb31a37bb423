import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'

/** The most nodes of a layer: cells of the finest grid a plan may ask for, 8³. */
const MAX_NODES = 512
/** The most layers: a level of encoder and decoder each, and the bottleneck. */
const MAX_LAYERS = 13
/** How many of the teacher's nodes are kept for each node of the student. */
export const GRAPH_NEIGHBOURS = 4

const cosineSchema = z.number().min(-1.001).max(1.001)

/**
 * What a graph distillation's student looked like at one step: for one training patch, whose teacher nodes each of its
 * nodes resembles. Bounded, so that it can be an event of the job.
 */
export const graphSnapshotSchema = z.object({
  caseName: z.string().max(200),
  /** Cells along z, y, x; node index = (z · cells_y + y) · cells_x + x. Null where nodes are classes. */
  grid: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]).nullable(),
  /** Whether a node has voxels in this patch; one entry a node. */
  present: z.array(z.boolean()).min(1).max(MAX_NODES),
  /** Whether a node touches the tumour, widened by two voxels. */
  touchesTumour: z.array(z.boolean()).max(MAX_NODES),
  layers: z
    .array(
      z.object({
        /** Tap of both networks, e.g. "bottleneck", "decoder.0". */
        name: z.string().max(40),
        /** Cosine of each student node with the teacher's node of the same place; null for an absent node. */
        own: z.array(cosineSchema.nullable()).max(MAX_NODES),
        /** [student node, teacher node, cosine]: each node's nearest teacher nodes, nearest first. */
        edges: z
          .array(z.tuple([z.int().nonnegative(), z.int().nonnegative(), cosineSchema]))
          .max(GRAPH_NEIGHBOURS * MAX_NODES),
      }),
    )
    .min(1)
    .max(MAX_LAYERS),
  /** The patch as the student saw it: one slice a row of cells along z; null where nodes are no places. */
  picture: z
    .object({
      sequence: sequenceSchema,
      slices: z.int().positive().max(16),
      width: z.int().positive().max(64),
      height: z.int().positive().max(64),
      /** Grey values 0–255, x fastest, then y, then slice. */
      base64: z.base64().max(90_000),
    })
    .nullable(),
})
export type GraphSnapshot = z.infer<typeof graphSnapshotSchema>
