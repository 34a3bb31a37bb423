import { LABEL_COUNT, type DistillationConfig } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { commonGrid } from './commonGrid.ts'
import type { DistillationStrategy, TapShape, TapShapes } from './distillationStrategy.ts'
import { generalisedDistillation } from './generalisedDistillation.ts'
import { graphKnowledgeDistillation } from './graphKnowledgeDistillation.ts'
import { hintDistillation } from './hintDistillation.ts'
import { labelSmoothingDistillation } from './labelSmoothingDistillation.ts'
import { logitsDistillation } from './logitsDistillation.ts'
import { noDistillation } from './noDistillation.ts'
import { privilegedDistillation } from './privilegedDistillation.ts'
import { prototypeDistillation } from './prototypeDistillation.ts'
import { publishedGraphDistillation } from './publishedGraphDistillation.ts'
import { resolveLayers } from './resolveLayers.ts'

export interface DistillationContext {
  /** A stream of purpose "distillation"; forked by name, not advanced. */
  readonly stream: RandomStream
  /** Tapped features of the student for one training patch; may be empty for strategies without taps. */
  readonly studentShapes: TapShapes
  readonly teacherShapes: TapShapes
  /** Output classes, background included; the program's label set where left out. */
  readonly classes?: number
}

/**
 * Builds the strategy a plan names. Its variables live until `dispose`.
 *
 * @throws GliadeskError BAD_INPUT where a layer of the plan is missing in a network, or the strategy cannot
 *   compare the two networks' features
 */
export function createDistillation(
  config: DistillationConfig,
  context: DistillationContext,
): DistillationStrategy {
  const { stream, studentShapes, teacherShapes, classes = LABEL_COUNT } = context
  switch (config.strategy) {
    case 'none':
      return noDistillation()
    case 'label-smoothing':
      return labelSmoothingDistillation(config.smoothing, config.weight)
    case 'logits':
      return logitsDistillation(
        config.temperature,
        config.weight,
        config.voxelWeighting,
        config.diceWeight,
      )
    case 'hint': {
      const [layer] = resolveLayers([config.layer], studentShapes, teacherShapes)
      return hintDistillation({
        weight: config.weight,
        ...sidesOf(layer, context),
        stream: stream.fork('hint'),
      })
    }
    case 'kd-net': {
      const [layer] = resolveLayers([config.layer], studentShapes, teacherShapes)
      return generalisedDistillation({
        ...config,
        weighting: config.voxelWeighting,
        ...sidesOf(layer, context),
        stream: stream.fork('kd-net'),
      })
    }
    case 'pmkl': {
      const [layer] = resolveLayers([config.layer], studentShapes, teacherShapes)
      return privilegedDistillation({
        ...config,
        ...sidesOf(layer, context),
        stream: stream.fork('pmkl'),
      })
    }
    case 'prototype': {
      const [layer] = resolveLayers([config.layer], studentShapes, teacherShapes)
      const grid = commonGrid(studentShapes[layer], teacherShapes[layer])
      const { temperature, weight, prototypeWeight, voxelWeighting: weighting } = config
      const scale = { temperature, weight, weighting, prototypeWeight }
      return prototypeDistillation({ ...scale, layer, classes, grid })
    }
    case 'gkd-published':
      return publishedGraphDistillation(config, context)
    case 'gkd':
      return graphKnowledgeDistillation(config, { ...context, classes })
  }
}

/** A layer as both networks have it. */
const sidesOf = (
  layer: string,
  { studentShapes, teacherShapes }: DistillationContext,
): { layer: string; studentShape: TapShape; teacherShape: TapShape } => ({
  layer,
  studentShape: studentShapes[layer],
  teacherShape: teacherShapes[layer],
})
