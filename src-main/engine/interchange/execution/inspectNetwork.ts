import { GliadeskError, type ImportedNetwork, type ModelImport } from '../../../contract/index.ts'
import { tf } from '../../tensor.ts'
import type { OnnxModel } from '../onnx/onnxModel.ts'
import { classLogits } from './classLogits.ts'
import { graphRunner, type GraphRunner } from './graphRunner.ts'
import { chooseTaps, type SurveyedValue } from './chooseTaps.ts'

/** What running a foreign network once tells about it. */
export interface NetworkFacts {
  readonly imported: ImportedNetwork
  readonly parameterCount: number
  /** Features a level, finest first, as its taps have them. */
  readonly channels: number[]
}

/** Edges to try where the file leaves them free, voxels: small is quick, and deep networks need more. */
const PROBE_EDGES = [32, 64, 128]

/**
 * Runs a foreign network on an empty image: proves that every node can be computed and that its answer has the
 * channels its owner says, and finds its layers.
 *
 * @throws GliadeskError BAD_FILE where it cannot be run or answers otherwise, BAD_INPUT for a window or tap that it does
 *   not have
 */
export function inspectNetwork(model: OnnxModel, request: ModelImport): NetworkFacts {
  const output = request.output ?? model.outputs[0]?.name ?? ''
  const dims = model.inputs[0]?.dims ?? []
  const fixed = fixedExtents(model, request)
  if (typeof dims[1] === 'number' && dims[1] !== request.sequences.length) {
    throw new GliadeskError(
      'BAD_FILE',
      `The network reads ${dims[1]} sequences, and ${request.sequences.length} were named.`,
      'Name the sequence of every input channel, in order.',
    )
  }
  const runner = graphRunner(model)
  try {
    const probes = fixed ? [fixed] : PROBE_EDGES.map((edge): Extents => [edge, edge, edge])
    const { extents, shapes } = firstThatRuns(probes, (each) =>
      surveyOnce(runner, [1, ...each, request.sequences.length]),
    )
    const holds = request.holds ?? heldBy(model, output)
    requireAnswer(shapes.get(output), output, extents, { answer: request.answer, holds })
    const values = [...shapes].flatMap(([name, shape]): SurveyedValue[] => {
      const stride = [1, 2, 3].map((axis) => extents[axis - 1] / shape[axis])
      if (!stride.every((step) => Number.isInteger(step))) return []
      // The graph's axes to ours, x first.
      const [a, b, c] = stride
      const xyz: [number, number, number] = request.axes.order === 'xyz' ? [a, b, c] : [c, b, a]
      return [{ value: name, channels: shape[4], stride: xyz }]
    })
    const { taps, channels } = chooseTaps(values, lastConvolution(model), request.taps)
    const divisor = Math.max(...values.flatMap(({ stride }) => stride))
    requireWindow(request.window, divisor)
    return {
      imported: {
        format: 'onnx',
        output,
        answer: request.answer,
        holds,
        axes: request.axes,
        window: request.window,
        divisor,
        taps,
      },
      parameterCount: countParameters(model),
      channels,
    }
  } finally {
    runner.dispose()
  }
}

type Extents = [number, number, number]

/** Extents along the graph's axes where the file fixes them. @throws GliadeskError BAD_INPUT for another window */
function fixedExtents(model: OnnxModel, { window, axes }: ModelImport): Extents | null {
  const [, , ...space] = model.inputs[0]?.dims ?? []
  const [a, b, c] = space
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number') return null
  const asked = axes.order === 'xyz' ? window : window.toReversed()
  if (asked.join() === space.join()) return [a, b, c]
  const needed = axes.order === 'xyz' ? space : space.toReversed()
  throw new GliadeskError(
    'BAD_INPUT',
    `The network was exported for images of ${needed.join('×')} voxels, and the window is ${window.join('×')}.`,
    `Set the window to ${needed.join('×')}, or export the network with free extents.`,
  )
}

function surveyOnce(
  runner: GraphRunner,
  shape: [number, number, number, number, number],
): ReadonlyMap<string, readonly number[]> {
  const image = tf.zeros(shape) as tf.Tensor5D
  try {
    return runner.survey(image)
  } finally {
    image.dispose()
  }
}

function firstThatRuns(
  probes: readonly Extents[],
  survey: (extents: Extents) => ReadonlyMap<string, readonly number[]>,
): { extents: Extents; shapes: ReadonlyMap<string, readonly number[]> } {
  let failure: unknown = null
  for (const extents of probes) {
    try {
      return { extents, shapes: survey(extents) }
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

/** A softmax or sigmoid at the end leaves probabilities. */
function heldBy({ nodes }: Pick<OnnxModel, 'nodes'>, output: string): 'logits' | 'probabilities' {
  const maker = nodes.find(({ outputs }) => outputs.includes(output))
  if (maker?.op === 'Identity') return heldBy({ nodes }, maker.inputs[0])
  return maker?.op === 'Softmax' || maker?.op === 'Sigmoid' ? 'probabilities' : 'logits'
}

function requireAnswer(
  shape: readonly number[] | undefined,
  output: string,
  extents: Extents,
  meaning: Pick<ImportedNetwork, 'answer' | 'holds'>,
): void {
  if (!shape || extents.some((extent, axis) => shape[axis + 1] !== extent)) {
    throw new GliadeskError(
      'BAD_FILE',
      `The network’s output "${output}" ${shape ? `has ${shape.slice(1, 4).join('×')} voxels for an image of ${extents.join('×')}` : 'is no volume'}.`,
      'Name the output that holds the answer at full resolution.',
    )
  }
  tf.tidy(() => {
    const answer = tf.zeros([1, 1, 1, 1, shape[4]]) as tf.Tensor5D
    return classLogits(answer, meaning)
  }).dispose()
}

function requireWindow(window: readonly number[], divisor: number): void {
  if (window.every((extent) => extent % divisor === 0)) return
  throw new GliadeskError(
    'BAD_INPUT',
    `A window of ${window.join('×')} voxels does not fit the network, whose levels need multiples of ${divisor}.`,
    `Choose a window whose every side is a multiple of ${divisor}.`,
  )
}

const lastConvolution = ({ nodes }: OnnxModel): string =>
  nodes.findLast(({ op }) => op === 'Conv')?.outputs[0] ?? ''

const countParameters = ({ initializers }: OnnxModel): number =>
  [...initializers.values()]
    .filter(({ isInteger }) => !isInteger)
    .reduce((sum, { values }) => sum + values.length, 0)
