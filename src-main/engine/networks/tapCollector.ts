import type { tf } from '../tensor.ts'
import type { NetworkOutput, TapSplitter } from './networkOutput.ts'

/** The features themselves both for the network and for who reads the tap. */
const sameTwice: TapSplitter = (_name, features) => ({ main: features, tap: features })

/** Collects the taps of one forward pass; `tapped` records features and gives back those that go on. */
export function tapCollector(splitTap: TapSplitter = sameTwice): {
  readonly taps: NetworkOutput['taps']
  readonly tapped: (name: string, features: tf.Tensor5D) => tf.Tensor5D
} {
  const taps: Record<string, tf.Tensor5D> = {}
  return {
    taps,
    tapped: (name, features) => {
      const { main, tap } = splitTap(name, features)
      taps[name] = tap
      return main
    },
  }
}
