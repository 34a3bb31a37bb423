import { z } from 'zod'
import { regionSchema, sequenceSchema } from './anatomy.ts'

/** What the channels of a network's output mean: one class each, or one overlapping region each. */
export const networkAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('classes'),
    /** The label (0 background, 1 NCR, 2 ED, 3 ET) of every channel; each label once. */
    labels: z.array(z.int().min(0).max(3)).length(4),
  }),
  z.object({
    kind: z.literal('regions'),
    /** The region of every channel; each region once. */
    regions: z.array(regionSchema).length(3),
  }),
])
export type NetworkAnswer = z.infer<typeof networkAnswerSchema>

/** How the array that the network reads lies in the patient; images are turned to it and answers back. */
export const networkAxesSchema = z.object({
  /** Order of the axes of space: nnU-Net's arrays are z, y, x; MONAI's x, y, z. */
  order: z.enum(['zyx', 'xyz']),
  /** Direction in which x and y grow; z grows upwards in both. */
  orientation: z.enum(['RAS', 'LPS']),
})
export type NetworkAxes = z.infer<typeof networkAxesSchema>

const triple = z.tuple([z.int().positive(), z.int().positive(), z.int().positive()])

/** A network that another framework trained, as its file and its owner describe it. Frozen: it predicts and teaches. */
export const importedNetworkSchema = z.object({
  format: z.literal('onnx'),
  /** Name of the value that holds the answer at full resolution. */
  output: z.string().min(1),
  answer: networkAnswerSchema,
  /** Whether softmax or sigmoid have been applied already. */
  holds: z.enum(['logits', 'probabilities']),
  axes: networkAxesSchema,
  /** Voxels along x, y, z of the windows to predict with. */
  window: triple,
  /** Voxels along every axis have to be multiples of this. */
  divisor: z.int().positive(),
  /** Layers that distillation reads: tap name → the file's value, its channels, and input voxels per feature along x, y, z. */
  taps: z.record(
    z.string().regex(/^(encoder\.\d|bottleneck|decoder\.\d)$/),
    z.object({ value: z.string().min(1), channels: z.int().positive(), stride: triple }),
  ),
})
export type ImportedNetwork = z.infer<typeof importedNetworkSchema>

/** What the owner of a foreign network has to say about it, since its file does not. */
export const modelImportSchema = z.object({
  /** Absolute path of the .onnx file. */
  path: z.string().min(1),
  name: z.string().min(1).max(80),
  role: z.enum(['teacher', 'student']).default('teacher'),
  /** What each input channel is, in order. */
  sequences: z.array(sequenceSchema).min(1).max(4),
  answer: networkAnswerSchema,
  axes: networkAxesSchema,
  window: triple,
  /** Edge of its voxels, mm; absent: each case's own. */
  spacingMm: z.number().positive().max(10).optional(),
  /** How it wants intensities; z-scores over the non-zero voxels are what this program prepares. */
  normalisation: z.literal('z-score-nonzero'),
  /** Name of the output; absent: the first. */
  output: z.string().min(1).optional(),
  /** Absent: probabilities where the output comes out of a softmax or sigmoid. */
  holds: z.enum(['logits', 'probabilities']).optional(),
  /** Values to distil from by tap name; what is not named is found by resolution. */
  taps: z.record(z.string(), z.string()).default({}),
})
export type ModelImport = z.infer<typeof modelImportSchema>
