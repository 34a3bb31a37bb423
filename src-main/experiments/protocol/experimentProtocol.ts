import { z } from 'zod'
import { distillationSchema, networkSchema, sequenceSchema } from '../../contract/index.ts'

const armIdSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single hyphens')

/** Whose answers the student hears. */
export const TEACHER_KINDS = ['four-sequences', 'single-sequence', 'shuffled'] as const

const armSchema = z.strictObject({
  id: armIdSchema,
  title: z.string().min(1).max(80),
  distillation: distillationSchema,
  /** Whether every batch also holds cases of the unlabelled pool. */
  pool: z.boolean().default(false),
  /**
   * `four-sequences`: the shared teacher. `single-sequence`: a teacher that sees no more than the student. `shuffled`:
   * the shared teacher looking at another case than the student.
   */
  teacher: z.enum(TEACHER_KINDS).default('four-sequences'),
  /** `ceiling`: every case of the seed with a label, the pool's included. */
  cases: z.enum(['labelled', 'ceiling']).default('labelled'),
  /** In place of the protocol's steps: shows what more computing alone would give. */
  steps: z.int().positive().optional(),
})
export type ExperimentArm = z.infer<typeof armSchema>

const contrastSchema = z.strictObject({ arm: armIdSchema, against: armIdSchema })
export type ExperimentContrast = z.infer<typeof contrastSchema>

/** The id under which the shared teacher's own score is recorded. */
export const TEACHER_ARM = 'teacher'

/**
 * Everything that defines an experiment: data, network, training, arms, seeds and what will be compared. Written and
 * committed before the run; docs/experiments.md explains each part.
 */
export const experimentProtocolSchema = z
  .strictObject({
    schema: z.literal(1),
    name: armIdSchema,
    title: z.string().min(1),
    /** What is asked and why the design answers it; printed at the top of the report. */
    question: z.string().min(1),
    cohort: z.strictObject({
      /** Voxels of the whole head along x, y, z; the voxel size follows, docs/synthetic-cohort.md. */
      headDims: z.tuple([z.int().min(16), z.int().min(16), z.int().min(16)]),
      /** The window around the tumour that a network sees. */
      dims: z.tuple([z.int().min(8), z.int().min(8), z.int().min(8)]),
      /** Voxels by which the window may miss the middle of the tumour along each axis. */
      windowJitter: z.int().nonnegative(),
      /** Strength of the cues outside of T1ce, docs/synthetic-cohort.md. */
      kappa: z.number().min(0).max(1),
      /** Carelessness of every label that is learned from; test labels are exact. */
      labelNoise: z.number().min(0).max(1),
      labelled: z.int().min(2),
      unlabelled: z.int().min(0),
      test: z.int().min(1),
      /** Labelled cases in all that the ceiling learns from, the labelled ones and the pool first. */
      ceiling: z.int().min(0),
    }),
    network: networkSchema,
    teacherNetwork: networkSchema,
    training: z.strictObject({
      steps: z.int().positive(),
      teacherSteps: z.int().positive(),
      /** Steps of an arm that learns from the ceiling's cases. */
      ceilingSteps: z.int().positive(),
      /** Labelled cases a batch, in every arm. */
      labelledPerBatch: z.int().positive(),
      /** Cases of the pool that an arm with a pool sees beside them. */
      unlabelledPerBatch: z.int().nonnegative(),
      learningRate: z.number().positive(),
      weightDecay: z.number().nonnegative(),
      warmupSteps: z.int().nonnegative(),
      clipNorm: z.number().positive(),
      augmentation: z.strictObject({
        mirror: z.boolean(),
        intensity: z.boolean(),
        spatial: z.boolean(),
      }),
      /** What the teacher's word on a case of the pool weighs. */
      poolConfidence: z.enum(['none', 'voxel', 'patch']),
      loss: z.strictObject({
        dice: z.number().nonnegative(),
        crossEntropy: z.number().nonnegative(),
      }),
    }),
    students: z.array(sequenceSchema).min(1),
    seeds: z.array(z.int().nonnegative()).min(1),
    arms: z.array(armSchema).min(1),
    /** Registered beforehand; the p-values of these are adjusted together, a student at a time. */
    contrasts: z.array(contrastSchema),
    statistics: z.strictObject({
      /** Resamples of the bootstrap. */
      resamples: z.int().min(100).default(10_000),
      /** Family-wise error rate. */
      alpha: z.number().gt(0).lt(1).default(0.05),
    }),
    /** How free choices were made before the seeds above were touched; printed in the report. */
    tuning: z.string().default(''),
  })
  .superRefine((protocol, context) => {
    const ids = protocol.arms.map((arm) => arm.id)
    const problem = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    if (new Set([...ids, TEACHER_ARM]).size !== ids.length + 1) {
      problem(['arms'], `ids must differ, and "${TEACHER_ARM}" is taken`)
    }
    if (new Set(protocol.seeds).size !== protocol.seeds.length) {
      problem(['seeds'], 'each seed may stand only once')
    }
    protocol.contrasts.forEach(({ arm, against }, index) => {
      for (const id of [arm, against]) {
        if (!ids.includes(id)) problem(['contrasts', index], `there is no arm "${id}"`)
      }
    })
    const { cohort, training } = protocol
    protocol.arms.forEach((arm, index) => {
      const lacksPool = arm.pool && (cohort.unlabelled === 0 || training.unlabelledPerBatch === 0)
      if (lacksPool) {
        problem(['arms', index, 'pool'], 'the cohort or the batch has no unlabelled case')
      }
      if (arm.cases === 'ceiling' && cohort.ceiling === 0) {
        problem(['arms', index, 'cases'], 'the cohort has no cases for the ceiling')
      }
      if (arm.pool && ['none', 'label-smoothing'].includes(arm.distillation.strategy)) {
        problem(['arms', index, 'pool'], 'without a teacher an unlabelled case teaches nothing')
      }
    })
    if (cohort.ceiling > 0 && cohort.ceiling < cohort.labelled + cohort.unlabelled) {
      problem(['cohort', 'ceiling'], 'the ceiling holds the labelled cases and the pool')
    }
    if (cohort.dims.some((dim, axis) => dim > cohort.headDims[axis])) {
      problem(['cohort', 'dims'], 'the window must fit into the head')
    }
    const divisor =
      2 ** (Math.max(protocol.network.channels.length, protocol.teacherNetwork.channels.length) - 1)
    if (cohort.dims.some((dim) => dim % divisor !== 0)) {
      problem(['cohort', 'dims'], `each must be a multiple of ${divisor}`)
    }
  })
export type ExperimentProtocol = z.infer<typeof experimentProtocolSchema>
