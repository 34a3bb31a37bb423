import { z } from 'zod'
import { byRegion } from './anatomy.ts'
import { idSchema, instantSchema } from './cases.ts'
import { backendNameSchema } from './backend.ts'
import { graphSnapshotSchema } from './graphSnapshot.ts'
import { jobPlanSchema } from './plan.ts'

export const jobKindSchema = z.enum(['train', 'distil', 'finetune', 'predict', 'evaluate'])
export type JobKind = z.infer<typeof jobKindSchema>
export const jobStateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled'])
export type JobState = z.infer<typeof jobStateSchema>

export const jobProgressSchema = z.object({
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.enum(['step', 'case', 'window']),
  etaSeconds: z.number().nonnegative().nullable(),
  message: z.string(),
})
export type JobProgress = z.infer<typeof jobProgressSchema>

/** What actually computes: never called a GPU unless it is one. */
export const deviceInfoSchema = z.object({
  backend: backendNameSchema,
  /** e.g. "TensorFlow 2.21 · CPU · AVX-512" or "WebAssembly · relaxed SIMD · 2 threads". */
  description: z.string(),
  gpu: z.boolean(),
  /** Why a better backend is not used, or null when the best one is. */
  fallbackReason: z.string().nullable(),
})
export type DeviceInfo = z.infer<typeof deviceInfoSchema>

export const jobErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
})
export type JobError = z.infer<typeof jobErrorSchema>

export const jobSchema = z.object({
  id: idSchema,
  kind: jobKindSchema,
  title: z.string(),
  state: jobStateSchema,
  plan: jobPlanSchema,
  progress: jobProgressSchema.nullable(),
  device: deviceInfoSchema.nullable(),
  error: jobErrorSchema.nullable(),
  resultModelId: idSchema.nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
})
export type Job = z.infer<typeof jobSchema>

/** One line of a job's `events.jsonl`; curves are always rebuilt from these. */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('step'),
    step: z.int().nonnegative(),
    loss: z.number(),
    /** Every loss term and diagnostic by name, unweighted. */
    terms: z.record(z.string(), z.number()),
    learningRate: z.number(),
    gradientNorm: z.number(),
    secondsPerStep: z.number(),
    /** Of these, spent waiting for the batch. Absent in older runs. */
    secondsWaiting: z.number().nonnegative().optional(),
  }),
  z.object({
    type: z.literal('validation'),
    step: z.int().nonnegative(),
    dice: byRegion(z.number().nullable()),
    meanDice: z.number().nullable(),
    cases: z.int().nonnegative(),
  }),
  z.object({ type: z.literal('checkpoint'), step: z.int().nonnegative(), best: z.boolean() }),
  z.object({
    type: z.literal('graph'),
    step: z.int().nonnegative(),
    snapshot: graphSnapshotSchema,
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warning']), message: z.string() }),
])
export type JobEvent = z.infer<typeof jobEventSchema>
