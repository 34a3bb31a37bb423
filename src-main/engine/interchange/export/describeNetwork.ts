import { GliadeskError, LABEL_COUNT, type NetworkConfig } from '../../../contract/index.ts'
import { describeMeshNet } from './describeMeshNet.ts'
import { describeResidualEncoder } from './describeResidualEncoder.ts'
import { describeUNet } from './describeUNet.ts'
import { describeVNet } from './describeVNet.ts'
import type { ExportedModel } from './exportedModel.ts'
import type { GraphSink } from './graphSink.ts'

/** One description a kind of network; a kind that is not here cannot be exported. */
const DESCRIPTIONS: Partial<
  Record<string, (sink: GraphSink, config: NetworkConfig, inChannels: number) => string>
> = {
  unet: describeUNet,
  resenc: describeResidualEncoder,
  vnet: describeVNet,
  meshnet: describeMeshNet,
}

/**
 * Describes the network of a model to a sink, with the outputs "logits" and "probabilities" (softmax of them).
 *
 * @throws GliadeskError BAD_INPUT for a kind of network that has no description, BAD_FILE where weights are missing
 */
export function describeNetwork(sink: GraphSink, { model }: ExportedModel): void {
  const { kind, head } = model.network
  const describe = DESCRIPTIONS[kind]
  if (!describe) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${model.name} is a network of the kind "${kind}", which cannot be exported as a graph yet.`,
      `Export its weights as safetensors, or choose a model of the kind ${Object.keys(DESCRIPTIONS).join(', ')}.`,
    )
  }
  if (head === 'regions') {
    throw new GliadeskError(
      'BAD_INPUT',
      `${model.name} answers regions, which cannot be exported as a graph of classes yet.`,
      'Export its weights as safetensors, or choose a model that answers classes.',
    )
  }
  const logits = describe(sink, model.network, model.sequences.length)
  sink.output(logits, 'logits', LABEL_COUNT)
  sink.output(sink.softmax(logits), 'probabilities', LABEL_COUNT)
}
