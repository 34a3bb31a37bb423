import type { DistillationConfig, DistillationStrategy } from './distillation.ts'
import type { DistillationPool } from './distillationPool.ts'

/**
 * Where a plan starts when a strategy is chosen. How each value was chosen is in docs/gkd.md; none was tuned on
 * the cases that a reported figure uses.
 */
export const DEFAULT_DISTILLATION = {
  none: { strategy: 'none' },
  'label-smoothing': { strategy: 'label-smoothing', smoothing: 0.1, weight: 1 },
  logits: { strategy: 'logits', temperature: 2, weight: 1, voxelWeighting: 'uniform' },
  hint: { strategy: 'hint', weight: 1, layer: 'bottleneck' },
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
    weight: 1,
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
