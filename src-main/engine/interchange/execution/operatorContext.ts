import { GliadeskError } from '../../../contract/index.ts'
import { tf } from '../../tensor.ts'
import type { OnnxAttribute, OnnxNode } from '../onnx/onnxModel.ts'
import {
  asPlain,
  asVolume,
  dimsOf,
  floatsOf,
  plain,
  type HostValue,
  type TensorValue,
  type Value,
} from './value.ts'

/** What an operator of a graph computes its outputs with. */
export interface OperatorContext {
  readonly node: OnnxNode
  readonly opset: number
  /** Null where an optional input is left out. */
  readonly inputs: readonly (Value | null)[]
  /** A tensor made once from a constant of the graph and kept; made anew where the input is computed. */
  constant(index: number, purpose: string, make: (value: HostValue) => tf.Tensor): tf.Tensor
}

/** Computes the outputs of a node; runs inside of a tidy. */
export type Operator = (context: OperatorContext) => readonly Value[]

/** @throws GliadeskError BAD_FILE naming the node and what of it cannot be computed */
export function unsupported({ node }: Pick<OperatorContext, 'node'>, what: string): GliadeskError {
  return new GliadeskError(
    'BAD_FILE',
    `The network’s node "${node.name}" (${node.op}) cannot be computed: ${what}.`,
    'Export the network for three-dimensional images with operator set 17, without its training parts, and try again.',
  )
}

export function inputOf(context: OperatorContext, index: number): Value {
  const value = context.inputs[index]
  if (value) return value
  throw unsupported(context, `its input ${index + 1} is missing`)
}

/** An input as a tensor in the graph's own order, constants included. */
export function plainInput(context: OperatorContext, index: number): tf.Tensor {
  return asPlain(tensorInput(context, index))
}

export function tensorInput(context: OperatorContext, index: number): TensorValue {
  const value = inputOf(context, index)
  if (value.kind === 'tensor') return value
  return plain(
    context.constant(index, 'plain', ({ values, dims }) => tf.tensor(floatsOf(values), [...dims])),
  )
}

/** An input as B×D×H×W×C. @throws GliadeskError BAD_FILE where it is no volume */
export function volumeInput(context: OperatorContext, index: number): tf.Tensor5D {
  const value = tensorInput(context, index)
  if (value.tensor.rank !== 5) {
    throw unsupported(context, `it works on ${dimsOf(value).join('×')} values, not on volumes`)
  }
  return asVolume(value)
}

/** A constant that the operation needs before it can be planned. */
export function hostInput(context: OperatorContext, index: number): HostValue {
  const value = inputOf(context, index)
  if (value.kind === 'host') return value
  throw unsupported(context, `its input ${index + 1} depends on the image`)
}

export const integerInput = (context: OperatorContext, index: number): number[] | null =>
  context.inputs[index] ? Array.from(hostInput(context, index).values) : null

function attribute(context: OperatorContext, name: string): OnnxAttribute | undefined {
  return context.node.attributes.get(name)
}

/** @throws GliadeskError BAD_FILE where the attribute is of another kind */
export function numberOf(context: OperatorContext, name: string, absent: number): number {
  const value = attribute(context, name)
  if (value === undefined) return absent
  if (typeof value === 'number') return value
  throw unsupported(context, `its attribute ${name} is not a number`)
}

export function wordOf(context: OperatorContext, name: string, absent: string): string {
  const value = attribute(context, name)
  if (value === undefined) return absent
  if (typeof value === 'string') return value
  throw unsupported(context, `its attribute ${name} is not a text`)
}

export function numbersOf(context: OperatorContext, name: string): number[] | null {
  const value = attribute(context, name)
  if (value === undefined) return null
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return [...value]
  throw unsupported(context, `its attribute ${name} is not a list of numbers`)
}

/** A list of three; the same for every axis where it is absent. */
export function tripleOf(
  context: OperatorContext,
  name: string,
  absent: number,
): [number, number, number] {
  const [a, b, c, ...rest] = numbersOf(context, name) ?? [absent, absent, absent]
  if (c === undefined || rest.length > 0) {
    throw unsupported(context, `its attribute ${name} is not for three axes`)
  }
  return [a, b, c]
}

/** An axis counted from the front. @throws GliadeskError BAD_FILE where there is no such axis */
export function axisOf(context: OperatorContext, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis
  if (Number.isInteger(counted) && counted >= 0 && counted < rank) return counted
  throw unsupported(context, `it names axis ${axis} of a value that has ${rank}`)
}

/** Values that one tensor of a graph may have; a damaged file could ask for any number. */
const MAX_VALUES = 2 ** 29

/** @throws GliadeskError BAD_FILE where a result would be larger than any volume */
export function requireModest(context: OperatorContext, dims: readonly number[]): void {
  const size = dims.reduce((a, b) => a * b, 1)
  if (size >= 0 && size <= MAX_VALUES) return
  throw unsupported(context, `it would make ${dims.join('×')} values`)
}
