import type { DistillationConfig, DistillationStrategy } from './distillation.ts'
import type { DistillationPool } from './distillationPool.ts'

/**
 * Where a plan starts when a strategy is chosen. How each value was chosen is in docs/gkd.md; none was tuned on
 * the cases that a reported figure uses.
 */
export const DEFAULT_DISTILLATION = {
  none: { strategy: 'none' },
  'label-smoothing': { strategy: 'label-smoothing', smoothing: 0.1, weight: 1 },
  logits: { strategy: 'logits', temperature: 2, weight: 0.3, voxelWeighting: 'true-class' },
  hint: { strategy: 'hint', weight: 1, layer: 'bottleneck' },
  'kd-net': {
    strategy: 'kd-net',
    temperature: 2,
    weight: 0.3,
    layer: 'bottleneck',
    latentWeight: 1,
    voxelWeighting: 'uniform',
  },
  pmkl: {
    strategy: 'pmkl',
    temperature: 2,
    weight: 0.3,
    layer: 'bottleneck',
    contrastWeight: 0.1,
    contrastTemperature: 0.1,
  },
  prototype: {
    strategy: 'prototype',
    temperature: 10,
    weight: 10,
    layer: 'decoder.0',
    prototypeWeight: 0.1,
    voxelWeighting: 'uniform',
  },
  'gkd-published': {
    strategy: 'gkd-published',
    temperature: 2,
    weight: 1,
    layer: 'bottleneck',
  },
  gkd: {
    strategy: 'gkd',
    temperature: 2,
    weight: 0.3,
    layers: ['bottleneck', 'decoder.*'],
    nodes: 'grid',
    gridSize: 4,
    embedding: 32,
    projection: 'pca',
    messagePassing: 1,
    edgeTemperature: 0.1,
    nodeWeight: 0.5,
    relationWeight: 2,
    crossWeight: 0.1,
    rampFraction: 0.1,
    voxelWeighting: 'true-class',
  },
} as const satisfies { [S in DistillationStrategy]: Extract<DistillationConfig, { strategy: S }> }

/** How a pool is mixed in where nothing else is said; docs/distillation.md, "The pool". */
export const DEFAULT_POOL = {
  fraction: 0.5,
  mode: 'added',
  confidence: 'voxel',
} as const satisfies Omit<DistillationPool, 'datasetIds' | 'caseIds'>

/** What a distillation starts with where nobody chose: the winner of the registered experiment, once one has run. */
export const DEFAULT_STRATEGY: DistillationStrategy = 'gkd'

/**
 * What has been shown about the strategies, in one sentence for people who choose one. Change it with
 * `DEFAULT_STRATEGY`, and only to what docs/experiments or a model card shows.
 */
export const STRATEGY_EVIDENCE =
  'Shown so far: on ten synthetic cases and one seed, soft answers and GKD did not beat learning from the labels alone. Nothing here is proven better yet.'
