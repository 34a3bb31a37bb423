import { GliadeskError } from '../../contract/index.ts'
import type { DistillationConfig } from '../../contract/index.ts'
import type { tf } from '../tensor.ts'
import type { DistillationContext } from './createDistillation.ts'
import { bipartiteConvolution } from './graphConvolution.ts'
import { graphDistillation, type GraphDistillation } from './graphDistillation.ts'
import { randomEdges } from './graphEdges.ts'
import { identityEmbedding } from './graphEmbedding.ts'
import { softmaxDivergenceObjective } from './graphObjective.ts'
import { gridNodes } from './nodeSampler.ts'
import { resolveLayers } from './resolveLayers.ts'
import { strategyParameters } from './strategyParameters.ts'

export type PublishedConfig = Extract<DistillationConfig, { strategy: 'gkd-published' }>

/**
 * Graph knowledge distillation as released, for features of any shape: whole depth slices as nodes, no
 * embedding, random edges between the networks, softmax over the last axis as readout. A named baseline with
 * known defects (docs/gkd.md, "The released loss"), never the default.
 *
 * @param edges replaces the random draw, for tests with fixed weights
 * @throws GliadeskError BAD_INPUT where the two networks' features differ in shape
 */
export function publishedGraphDistillation(
  config: PublishedConfig,
  { stream, studentShapes, teacherShapes }: DistillationContext,
  edges = randomEdges,
): GraphDistillation {
  const layers = resolveLayers([config.layer], studentShapes, teacherShapes)
  for (const layer of layers) {
    const [student, teacher] = [studentShapes[layer], teacherShapes[layer]]
    if (student.join() !== teacher.join()) {
      throw new GliadeskError(
        'BAD_INPUT',
        `Released GKD compares features of one shape, but at layer "${layer}" the student has ${student.join('×')} and the teacher ${teacher.join('×')} (depth, height, width, channels).`,
        'Give both networks the same channels, or choose the strategy "gkd", which takes any shapes.',
      )
    }
  }
  const slices = gridNodes([studentShapes[layers[0]][0], 1, 1])
  return graphDistillation({
    layers,
    sampler: { ...slices, sample: wholeSlices },
    embedding: identityEmbedding(),
    convolution: bipartiteConvolution(stream.fork('gkd-published'), edges),
    objective: softmaxDivergenceObjective(layers, studentShapes, config.temperature, config.weight),
    parameters: strategyParameters(stream),
    nodesNeedClasses: false,
    capped: false,
  })
}

/** A node's features are everything in its slice: B×D×H×W×C → B×D×(H·W·C). */
const wholeSlices = (features: tf.Tensor5D): tf.Tensor3D => {
  const [batch, d, h, w, channels] = features.shape
  return features.reshape([batch, d, h * w * channels])
}
