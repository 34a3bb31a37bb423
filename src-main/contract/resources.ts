import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { backendChoiceSchema, backendNameSchema } from './backend.ts'
import { idSchema } from './cases.ts'
import { distillationSchema } from './distillation.ts'
import { recipeSchema } from './network.ts'

/** Where a job computes: the scheduler's choice, the processor, or one graphics card. */
export const deviceChoiceSchema = z
  .string()
  .regex(/^(auto|cpu|cuda:\d{1,2}|webgpu)$/, 'auto, cpu, cuda:0, cuda:1 … or webgpu')
export type DeviceChoice = z.infer<typeof deviceChoiceSchema>

/** What of the machine a training run uses; what is left out is the recipe's or the planner's. */
export const trainingResourcesSchema = z.object({
  device: deviceChoiceSchema.optional(),
  /** Voxels along x, y, z in place of the recipe's. */
  patchSize: z.tuple([z.int().min(8), z.int().min(8), z.int().min(8)]).optional(),
  batchSize: z.int().min(1).max(64).optional(),
  /** Batches summed before one update. */
  accumulate: z.int().min(1).max(256).optional(),
  /** Engine processes that share the batches of an update. */
  processes: z.int().min(1).max(16).optional(),
  /** Compute each level again in the backward pass: some 40 % less memory for one forward pass more. */
  checkpointing: z.boolean().optional(),
  /** Start even where the estimate says that memory will not do. */
  ignoreMemory: z.boolean().optional(),
})
export type TrainingResources = z.infer<typeof trainingResourcesSchema>

/** A training that is only thought of: what decides over its memory. */
export const estimateRequestSchema = z.object({
  /** The recipe of a network to be trained, or the model that is fine-tuned. */
  subject: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('recipe'), recipeId: idSchema, recipe: recipeSchema.optional() }),
    z.object({ kind: z.literal('model'), modelId: idSchema }),
  ]),
  sequences: z.array(sequenceSchema).min(1).max(4),
  teacherModelId: idSchema.nullable(),
  distillation: distillationSchema.nullable(),
  backend: backendChoiceSchema,
  resources: trainingResourcesSchema.optional(),
})
export type EstimateRequest = z.infer<typeof estimateRequestSchema>

/** Bytes that a job holds at its peak, by what they are for. */
export const memoryPartsSchema = z.object({
  weights: z.number().nonnegative(),
  gradients: z.number().nonnegative(),
  optimiser: z.number().nonnegative(),
  /** Feature maps kept for the backward pass, and their gradients. */
  activations: z.number().nonnegative(),
  batch: z.number().nonnegative(),
  /** The frozen teacher: weights, features and answer. */
  teacher: z.number().nonnegative(),
  /** Scratch of the largest operation. */
  workspace: z.number().nonnegative(),
  /** The process itself: Node, libraries, code. */
  program: z.number().nonnegative(),
})
export type MemoryParts = z.infer<typeof memoryPartsSchema>

export const memoryEstimateSchema = z.object({
  parts: memoryPartsSchema,
  /** Of all processes of the job. */
  totalBytes: z.number().nonnegative(),
  /** What the device can give now; null where it does not say. */
  availableBytes: z.number().nonnegative().nullable(),
  /** e.g. "the memory of this computer", "WebAssembly", "NVIDIA H100 (cuda:0)". */
  limitedBy: z.string(),
  fits: z.boolean(),
  /** Largest patch of the same shape that fits, x, y, z; null where none does. */
  largestPatch: z.tuple([z.int(), z.int(), z.int()]).nullable(),
  patchSize: z.tuple([z.int(), z.int(), z.int()]),
  backend: backendNameSchema,
})
export type MemoryEstimate = z.infer<typeof memoryEstimateSchema>

/** One thing that can compute, by one backend. */
export const computeDeviceSchema = z.object({
  /** What a job's `device` names: "cpu", "cuda:0", "webgpu". */
  id: deviceChoiceSchema,
  kind: z.enum(['processor', 'graphics']),
  name: z.string(),
  backend: backendNameSchema,
  /** e.g. "TensorFlow 2.21.0 · CPU · AVX-512". */
  description: z.string(),
  memoryBytes: z.number().nonnegative().nullable(),
  freeBytes: z.number().nonnegative().nullable(),
  driver: z.string().nullable(),
  usable: z.boolean(),
  /** Why it is not usable, with what to do about it; null where it is. */
  reason: z.string().nullable(),
  /** What its driver tells besides, one fact a line. */
  details: z.array(z.string()).optional(),
  /** On a 3×3×3 convolution with both gradients; null where it was not measured. */
  gflops: z.number().nonnegative().nullable(),
  /** Whether a job with nothing chosen computes here. */
  isDefault: z.boolean(),
})
export type ComputeDevice = z.infer<typeof computeDeviceSchema>

export const deviceReportSchema = z.object({
  devices: z.array(computeDeviceSchema),
  processor: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.number().positive(),
  availableBytes: z.number().nonnegative(),
  /** When the speeds were measured; null where they were not. */
  measuredAt: z.string().nullable(),
})
export type DeviceReport = z.infer<typeof deviceReportSchema>
