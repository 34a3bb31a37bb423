import { z } from 'zod'

/**
 * What a voxel counts for in the divergence of the class probabilities; docs/distillation.md gives the formulas.
 * `uniform`: all alike. `true-class`: by the teacher's probability of the labelled class. `foreground`: half of the
 * mass on tumour, half on the rest, sample by sample. `foreground-true-class`: both together.
 */
export const VOXEL_WEIGHTINGS = [
  'uniform',
  'true-class',
  'foreground',
  'foreground-true-class',
] as const
export type VoxelWeighting = (typeof VOXEL_WEIGHTINGS)[number]

/** The default is what plans of before this choice meant. */
const voxelWeighting = z.enum(VOXEL_WEIGHTINGS).default('uniform')

const distillationCommon = { temperature: z.number().positive(), weight: z.number().nonnegative() }

/** How the teacher guides the student. Symbols as in docs/gkd.md. */
export const distillationSchema = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('none') }),
  z.object({
    strategy: z.literal('label-smoothing'),
    /** Share of the target's mass spread evenly over the classes, ε. */
    smoothing: z.number().min(0).max(0.5),
    /** Equal to the plan's weight of the cross-entropy to smooth exactly that. */
    weight: z.number().nonnegative(),
  }),
  z.object({
    strategy: z.literal('logits'),
    ...distillationCommon,
    voxelWeighting,
    /** Weight of the overlap with the teacher's soft answer beside the divergence; absent: 0. */
    diceWeight: z.number().nonnegative().optional(),
  }),
  z.object({
    strategy: z.literal('hint'),
    weight: z.number().nonnegative(),
    /** Tap point whose standardised teacher features the student predicts. */
    layer: z.string(),
  }),
  /** In the style of KD-Net: softened answers and the latent code. */
  z.object({
    strategy: z.literal('kd-net'),
    ...distillationCommon,
    /** Tap point of the latent code. */
    layer: z.string(),
    latentWeight: z.number().nonnegative(),
    voxelWeighting,
  }),
  /** In the style of PMKL: answers regularised by the teacher's correctness, and contrast between whole patches. */
  z.object({
    strategy: z.literal('pmkl'),
    ...distillationCommon,
    /** Tap point whose mean is a patch's code. */
    layer: z.string(),
    contrastWeight: z.number().nonnegative(),
    contrastTemperature: z.number().positive(),
  }),
  z.object({
    strategy: z.literal('prototype'),
    ...distillationCommon,
    /** Tap point whose features are compared with the class prototypes. */
    layer: z.string(),
    prototypeWeight: z.number().nonnegative(),
    voxelWeighting,
  }),
  z.object({
    strategy: z.literal('gkd-published'),
    ...distillationCommon,
    /** Tap points of the network the graph is built on, e.g. "bottleneck", "decoder.0". */
    layer: z.string(),
  }),
  z.object({
    strategy: z.literal('gkd'),
    ...distillationCommon,
    /** Tap points; "decoder.*" stands for every decoder level that teacher and student share. */
    layers: z.array(z.string()).min(1),
    nodes: z.enum(['grid', 'regions', 'depthSlices']),
    gridSize: z.int().min(2).max(8),
    embedding: z.int().min(4).max(128),
    /** The frozen projection of the teacher's node features. */
    projection: z.enum(['pca', 'orthogonal']).default('pca'),
    messagePassing: z.int().min(0).max(3),
    edgeTemperature: z.number().positive(),
    nodeWeight: z.number().nonnegative(),
    relationWeight: z.number().nonnegative(),
    crossWeight: z.number().nonnegative(),
    rampFraction: z.number().min(0).max(1),
    voxelWeighting: z.enum(VOXEL_WEIGHTINGS).default('true-class'),
    /** Weight of the overlap with the teacher's soft answer beside the divergence; absent: 0. */
    diceWeight: z.number().nonnegative().optional(),
  }),
])
export type DistillationConfig = z.infer<typeof distillationSchema>
export const DISTILLATION_STRATEGIES = [
  'none',
  'label-smoothing',
  'logits',
  'hint',
  'kd-net',
  'pmkl',
  'prototype',
  'gkd-published',
  'gkd',
] as const
export type DistillationStrategy = DistillationConfig['strategy']
