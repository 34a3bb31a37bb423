import {
  GliadeskError,
  LABEL_COUNT,
  type ImportedNetwork,
  type NetworkConfig,
} from '../../../contract/index.ts'
import type { Network, NetworkOutput } from '../../networks/index.ts'
import { tf } from '../../tensor.ts'
import type { OnnxModel } from '../onnx/onnxModel.ts'
import { classLogits } from './classLogits.ts'
import { graphRunner } from './graphRunner.ts'
import { fromNetworkAxes, toNetworkAxes } from './networkAxes.ts'

/**
 * A network of another framework behind the interface of our own: it predicts and teaches, but has no parameters to
 * train. Images are turned to its axes, its answers and taps back; its output becomes logits of our classes.
 *
 * @param config of the model's record, with what its owner said about it
 * @throws GliadeskError BAD_FILE where the graph cannot be run or does not take this many sequences
 */
export function importedNetwork(
  model: OnnxModel,
  config: NetworkConfig & { readonly imported: ImportedNetwork },
  inChannels: number,
): Network {
  const { imported } = config
  const [batchExtent, channelExtent] = model.inputs[0]?.dims ?? []
  if (typeof channelExtent === 'number' && channelExtent !== inChannels) {
    throw new GliadeskError(
      'BAD_FILE',
      `The network reads ${channelExtent} sequences, and ${inChannels} were named.`,
      'Name the sequence of every input channel, in order.',
    )
  }
  const runner = graphRunner(model)
  const taps = Object.entries(imported.taps)
  const wanted = [imported.output, ...taps.map(([, { value }]) => value)]

  const runOnce = (input: tf.Tensor5D): Record<string, tf.Tensor5D> => {
    const found = runner.run(toNetworkAxes(input, imported.axes), [...new Set(wanted)])
    const upright = (value: string): tf.Tensor5D =>
      fromNetworkAxes(found.get(value)!, imported.axes)
    return {
      logits: classLogits(upright(imported.output), imported),
      ...Object.fromEntries(taps.map(([tap, { value }]) => [tap, upright(value)])),
    }
  }
  /** A graph that was exported for one sample is given one after the other. */
  const run = (input: tf.Tensor5D): Record<string, tf.Tensor5D> => {
    const [batch] = input.shape
    if (typeof batchExtent !== 'number' || batchExtent === batch) return runOnce(input)
    const samples = tf.split<tf.Tensor5D>(input, batch, 0).map((sample) => runOnce(sample))
    return Object.fromEntries(
      Object.keys(samples[0]).map((name) => [
        name,
        tf.concat(
          samples.map((sample) => sample[name]),
          0,
        ),
      ]),
    )
  }
  return {
    config,
    inChannels,
    classes: LABEL_COUNT,
    parameters: new Map(),
    divisor: imported.divisor,
    forward: (input, splitTap = (_name, features) => ({ main: features, tap: features })) => {
      const { logits, ...features } = tf.tidy(() => run(input))
      const seen = Object.entries(features).map(([name, tensor]): [string, tf.Tensor5D] => [
        name,
        splitTap(name, tensor).tap,
      ])
      return { logits: [logits], taps: Object.fromEntries(seen) } satisfies NetworkOutput
    },
    dispose: () => runner.dispose(),
  }
}
