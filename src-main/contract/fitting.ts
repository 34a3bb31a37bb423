import { z } from 'zod'
import { idSchema, instantSchema } from './cases.ts'

/** What is done to a network's labels afterwards. 0: nothing. */
export const postprocessingSchema = z.object({
  /** Less enhancing tumour than this in a whole case becomes necrotic core. */
  minEnhancingMl: z.number().min(0).max(10),
  /** Connected pieces of tumour smaller than this become background, the largest excepted. */
  minComponentMl: z.number().min(0).max(20),
})
export type Postprocessing = z.infer<typeof postprocessingSchema>

/** One bin of a reliability diagram: voxels whose most probable class has about this probability. */
export const reliabilityBinSchema = z.object({
  /** Mean probability of the most probable class. */
  confidence: z.number().min(0).max(1),
  /** Share of these voxels whose most probable class is the label's. */
  accuracy: z.number().min(0).max(1),
  /** Share of all voxels. */
  share: z.number().min(0).max(1),
})
export type ReliabilityBin = z.infer<typeof reliabilityBinSchema>

/** How well probabilities say how often they are right. */
export const reliabilitySchema = z.object({
  /** Mean negative log-likelihood of the labels, nats a voxel. */
  nll: z.number().nonnegative(),
  /** Expected calibration error, 0 to 1. */
  ece: z.number().min(0).max(1),
  /** Those that hold any voxel, least confident first. */
  bins: z.array(reliabilityBinSchema),
})
export type Reliability = z.infer<typeof reliabilitySchema>

export const calibrationSchema = z.object({
  /** Logits are divided by it: above 1 where the network was too sure of itself. */
  temperature: z.number().positive(),
  voxels: z.int().nonnegative(),
  before: reliabilitySchema,
  after: reliabilitySchema,
})
export type Calibration = z.infer<typeof calibrationSchema>

/** What was chosen for a model on validation cases alone, and what it did there. */
export const fittedSchema = z.object({
  postprocessing: postprocessingSchema,
  /** Mean Dice over regions and cases, a region that is rightly empty counting 1. */
  diceBefore: z.number().min(0).max(1),
  diceAfter: z.number().min(0).max(1),
  calibration: calibrationSchema,
  cases: z.int().positive(),
})
export type Fitted = z.infer<typeof fittedSchema>

/** The same as it stands in a model's record. */
export const modelFittedSchema = fittedSchema.extend({
  datasetId: idSchema,
  fittedAt: instantSchema,
})
export type ModelFitted = z.infer<typeof modelFittedSchema>
