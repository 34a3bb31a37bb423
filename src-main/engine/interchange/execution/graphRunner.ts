import { GliadeskError } from '../../../contract/index.ts'
import { tf } from '../../tensor.ts'
import type { OnnxModel, OnnxNode } from '../onnx/onnxModel.ts'
import { unsupported } from './operatorContext.ts'
import { OPERATOR_NAMES, operatorFor } from './operators/index.ts'
import { asVolume, volume, type HostValue, type TensorValue, type Value } from './value.ts'

/** A graph with its constants on the backend. */
export interface GraphRunner {
  /**
   * @param image B×D×H×W×C
   * @param wanted names of values that the graph computes
   * @returns each as B×D×H×W×C; the caller owns them
   * @throws GliadeskError BAD_FILE where a node cannot be computed or a value is no volume
   */
  run(image: tf.Tensor5D, wanted: readonly string[]): ReadonlyMap<string, tf.Tensor5D>
  /** Names and shapes (B×D×H×W×C) of every volume that the graph makes of an image of this shape. */
  survey(image: tf.Tensor5D): ReadonlyMap<string, readonly number[]>
  dispose(): void
}

/**
 * Makes a graph ready to run. Constants reach the backend when they are first used and stay until `dispose`.
 *
 * @throws GliadeskError BAD_FILE where the graph does not take one volume, or uses an operator that is not understood
 */
export function graphRunner(model: OnnxModel): GraphRunner {
  const { nodes, initializers, opset } = model
  requireOneVolume(model)
  const strange = nodes.find(({ op }) => !OPERATOR_NAMES.includes(op))
  if (strange) {
    throw unsupported({ node: strange }, `operators understood are ${OPERATOR_NAMES.join(', ')}`)
  }
  const kept = new Map<string, tf.Tensor>()
  const constants = new Map<string, HostValue>(
    [...initializers].map(([name, tensor]) => [name, { kind: 'host', ...tensor }]),
  )

  const compute = (node: OnnxNode, values: ReadonlyMap<string, Value>): readonly Value[] => {
    const inputs = node.inputs.map((name) => values.get(name) ?? constants.get(name) ?? null)
    const operator = operatorFor(node.op, inputs)
    if (!operator) throw unsupported({ node }, 'it is used on the image')
    const constant = (
      index: number,
      purpose: string,
      make: (value: HostValue) => tf.Tensor,
    ): tf.Tensor => {
      const value = inputs[index]
      if (value?.kind !== 'host') throw unsupported({ node }, `input ${index + 1} is no constant`)
      const name = node.inputs[index]
      if (constants.get(name) !== value) return make(value)
      const key = `${name} as ${purpose}`
      const known = kept.get(key) ?? tf.keep(make(value))
      kept.set(key, known)
      return known
    }
    return operator({ node, opset, inputs, constant })
  }

  /** Runs until nothing more is wanted; volumes that nobody reads again are freed on the way. */
  const runNodes = (
    image: tf.Tensor5D,
    wanted: ReadonlySet<string>,
    seen: (name: string, value: TensorValue) => void,
  ): void => {
    const needed = neededNodes(nodes, wanted)
    const lastUse = new Map<string, number>()
    needed.forEach((node, i) => node.inputs.forEach((name) => lastUse.set(name, i)))
    const values = new Map<string, Value>([[model.inputs[0].name, volume(image)]])
    const isAlive = (tensor: tf.Tensor): boolean =>
      [...values.values()].some((value) => value.kind === 'tensor' && value.tensor === tensor)
    needed.forEach((node, i) => {
      const before = [...values]
      let outputs: readonly Value[] = []
      tf.tidy(() => {
        outputs = guarded(node, () => compute(node, values))
        return outputs.flatMap((value) => (value.kind === 'tensor' ? [value.tensor] : []))
      })
      node.outputs.forEach((name, index) => {
        const value = outputs[index]
        if (name === '' || !value) return
        values.set(name, value)
        if (value.kind === 'tensor') seen(name, value)
      })
      for (const [name, value] of before) {
        if (wanted.has(name) || (lastUse.get(name) ?? -1) > i) continue
        values.delete(name)
        if (value.kind !== 'tensor' || value.tensor === image || isAlive(value.tensor)) continue
        // A constant may pass through a node unchanged.
        if (![...kept.values()].includes(value.tensor)) value.tensor.dispose()
      }
    })
  }

  return {
    run: (image, wanted) => {
      const found = new Map<string, tf.Tensor5D>()
      tf.tidy(() => {
        runNodes(image, new Set(wanted), (name, value) => {
          if (wanted.includes(name)) found.set(name, requireVolume(name, value))
        })
        return [...found.values()]
      })
      const absent = wanted.find((name) => !found.has(name))
      if (absent === undefined) return found
      tf.dispose([...found.values()])
      throw noSuchValue(absent)
    },
    survey: (image) => {
      const shapes = new Map<string, readonly number[]>()
      const everything = new Set(model.outputs.map(({ name }) => name))
      tf.tidy(() => {
        runNodes(image, everything, (name, value) => {
          if (value.tensor.rank !== 5) return
          const { shape } = value.tensor
          const [batch, channels, ...space] = shape
          shapes.set(name, value.channelsLast ? shape : [batch, ...space, channels])
        })
        return []
      })
      return shapes
    },
    dispose: () => {
      for (const tensor of kept.values()) tensor.dispose()
      kept.clear()
    },
  }
}

function requireOneVolume({ inputs, outputs }: OnnxModel): void {
  if (inputs.length === 1 && inputs[0].dims.length === 5 && outputs.length > 0) return
  const what = inputs.map(({ name, dims }) => `"${name}" of ${dims.length} axes`).join(', ')
  throw new GliadeskError(
    'BAD_FILE',
    `The network does not read one volume of several sequences (batch × sequences × three axes): its inputs are ${what || 'none'}.`,
    'Export a three-dimensional segmentation network with all sequences as channels of one input.',
  )
}

/** The nodes that some wanted value depends on, in their order. */
function neededNodes(nodes: readonly OnnxNode[], wanted: ReadonlySet<string>): OnnxNode[] {
  const needed = new Set(wanted)
  const chosen: OnnxNode[] = []
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue
    chosen.unshift(node)
    for (const name of node.inputs) needed.add(name)
  }
  return chosen
}

/** A backend refuses sizes that do not go together with an error of its own. */
function guarded<T>(node: OnnxNode, compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (error instanceof GliadeskError) throw error
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw unsupported({ node }, reason)
  }
}

function requireVolume(name: string, value: TensorValue): tf.Tensor5D {
  if (value.tensor.rank === 5) return asVolume(value)
  throw new GliadeskError(
    'BAD_FILE',
    `The network’s value "${name}" has ${value.tensor.rank} axes and is no volume.`,
    'Name a value that holds features of a volume.',
  )
}

const noSuchValue = (name: string): GliadeskError =>
  new GliadeskError(
    'BAD_INPUT',
    `The network computes no value "${name}".`,
    'Look up the name of the output or layer in the file, for example with Netron.',
  )
