import type { DistillationConfig } from '../../contract/index.ts'
import type { DistillationContext } from './createDistillation.ts'
import { similarityConvolution } from './graphConvolution.ts'
import { graphDistillation, type GraphDistillation } from './graphDistillation.ts'
import { projectedEmbedding } from './graphEmbedding.ts'
import { cosineObjective } from './graphObjective.ts'
import { gridNodes, regionNodes, type NodeSampler } from './nodeSampler.ts'
import { resolveLayers } from './resolveLayers.ts'
import { strategyParameters } from './strategyParameters.ts'

export type GkdConfig = Extract<DistillationConfig, { strategy: 'gkd' }>

/**
 * Graph knowledge distillation as it should be: docs/gkd.md, "The method". Layers may differ in channels and
 * extents between the networks.
 */
export function graphKnowledgeDistillation(
  config: GkdConfig,
  context: DistillationContext & { readonly classes: number },
): GraphDistillation {
  const { studentShapes, teacherShapes, classes } = context
  const stream = context.stream.fork('gkd')
  const layers = resolveLayers(config.layers, studentShapes, teacherShapes)
  const parameters = strategyParameters(stream)
  const { embedding: dimension, projection, edgeTemperature } = config
  const embedding = projectedEmbedding(
    { layers, dimension, projection, studentShapes, teacherShapes, stream },
    parameters,
  )
  const convolution = similarityConvolution(
    { layers, dimension, rounds: config.messagePassing, edgeTemperature },
    parameters,
  )
  const objective = cosineObjective({
    temperature: config.temperature,
    voxelWeight: config.weight,
    weighting: config.voxelWeighting,
    diceWeight: config.diceWeight ?? 0,
    nodeWeight: config.nodeWeight,
    relationWeight: config.relationWeight,
    crossWeight: config.crossWeight,
    edgeTemperature,
    rampFraction: config.rampFraction,
  })
  return graphDistillation({
    layers,
    sampler: samplerOf(config, layers, context, classes),
    embedding,
    convolution,
    objective,
    parameters,
    nodesNeedClasses: config.nodes === 'regions',
    capped: true,
  })
}

/**
 * Every layer gets the same nodes, so that neighbouring layers can be joined cell by cell. A grid has no more
 * cells along an axis than the finest layer has voxels; slices are as many as the coarsest layer has.
 */
function samplerOf(
  config: GkdConfig,
  layers: readonly string[],
  { studentShapes, teacherShapes }: DistillationContext,
  classes: number,
): NodeSampler {
  const extents = (axis: number): number[] =>
    layers.flatMap((layer) => [studentShapes[layer][axis], teacherShapes[layer][axis]])
  if (config.nodes === 'regions') return regionNodes(classes)
  if (config.nodes === 'depthSlices') return gridNodes([Math.min(...extents(0)), 1, 1])
  const cells = (axis: number): number => Math.min(config.gridSize, Math.max(...extents(axis)))
  return gridNodes([cells(0), cells(1), cells(2)])
}
