import type { OnnxAttribute, OnnxTensor } from '../../onnx/onnxModel.ts'
import {
  axisOf,
  hostInput,
  inputOf,
  integerInput,
  numberOf,
  numbersOf,
  unsupported,
  type Operator,
  type OperatorContext,
} from '../operatorContext.ts'
import { dimsOf, hostOf, type HostValue } from '../value.ts'
import { reshapedDims, sliceSpans } from './shapeArithmetic.ts'

/** Shapes are short lists; what is larger is no shape. */
const MAX_VALUES = 4096

const shape: Operator = (context) => {
  const dims = dimsOf(inputOf(context, 0))
  const start = numberOf(context, 'start', 0)
  return [hostOf(dims.slice(start, numberOf(context, 'end', dims.length)))]
}

const size: Operator = (context) => [
  hostOf([dimsOf(inputOf(context, 0)).reduce((a, b) => a * b, 1)], []),
]

const constant: Operator = (context) => {
  const [[name, value] = ['', undefined]] = [...context.node.attributes] as [
    string,
    OnnxAttribute | undefined,
  ][]
  if (typeof value === 'number')
    return [{ ...hostOf([value], []), isInteger: name === 'value_int' }]
  if (isNumbers(value)) return [{ ...hostOf(value), isInteger: name === 'value_ints' }]
  if (isTensor(value)) return [{ kind: 'host', ...value }]
  throw unsupported(context, 'it holds no numbers')
}

const isNumbers = (value: OnnxAttribute | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')
const isTensor = (value: OnnxAttribute | undefined): value is OnnxTensor =>
  typeof value === 'object' && !Array.isArray(value)

const constantOfShape: Operator = (context) => {
  const dims = Array.from(hostInput(context, 0).values)
  const length = dims.reduce((a, b) => a * b, 1)
  if (!(length >= 0 && length <= MAX_VALUES))
    throw unsupported(context, `it makes ${length} values`)
  const value = context.node.attributes.get('value')
  const fill = isTensor(value) ? (value.values[0] ?? 0) : 0
  const isInteger = isTensor(value) && value.isInteger
  return [{ ...hostOf(new Array<number>(length).fill(fill), dims), isInteger }]
}

const gather: Operator = (context) => {
  const { values, dims, isInteger } = hostInput(context, 0)
  const picks = hostInput(context, 1)
  if (dims.length !== 1 || numberOf(context, 'axis', 0) !== 0) {
    throw unsupported(context, 'it picks from more than a list')
  }
  const picked = Array.from(picks.values, (index) => values[axisOf(context, index, values.length)])
  return [{ ...hostOf(picked, picks.dims), isInteger }]
}

const concat: Operator = (context) => {
  const lists = context.inputs.map((_, index) => hostInput(context, index))
  if (lists.some(({ dims }) => dims.length !== 1)) throw unsupported(context, 'it joins tables')
  const values = lists.flatMap((list) => Array.from(list.values))
  return [{ ...hostOf(values), isInteger: lists.every(({ isInteger }) => isInteger) }]
}

const reshape: Operator = (context) => {
  const value = hostInput(context, 0)
  const wanted = Array.from(hostInput(context, 1).values)
  return [{ ...value, dims: reshapedDims(context, value.dims, wanted) }]
}

const unsqueeze: Operator = (context) => {
  const value = hostInput(context, 0)
  const axes = integerInput(context, 1) ?? numbersOf(context, 'axes') ?? []
  const rank = value.dims.length + axes.length
  const at = new Set(axes.map((axis) => axisOf(context, axis, rank)))
  const rest = [...value.dims]
  const dims = Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : (rest.shift() ?? 1)))
  return [{ ...value, dims }]
}

const squeeze: Operator = (context) => {
  const value = hostInput(context, 0)
  return [{ ...value, dims: value.dims.filter((extent) => extent !== 1) }]
}

const slice: Operator = (context) => {
  const { values, dims, isInteger } = hostInput(context, 0)
  if (dims.length !== 1) throw unsupported(context, 'it cuts a table')
  let list = Array.from(values)
  for (const { start, end, step } of sliceSpans(context, dims)) {
    list = list.slice(start, end).filter((_, i) => i % step === 0)
  }
  return [{ ...hostOf(list), isInteger }]
}

/** To whole numbers where the target is a type of integers (ONNX rounds towards zero). */
const cast: Operator = (context) => {
  const value = hostInput(context, 0)
  const isInteger = [2, 3, 4, 5, 6, 7, 9, 12, 13].includes(numberOf(context, 'to', 1))
  const values = Float64Array.from(value.values, (x) => (isInteger ? Math.trunc(x) : x))
  return [{ ...value, values, isInteger }]
}

const arithmetic =
  (compute: (a: number, b: number, isInteger: boolean) => number): Operator =>
  (context) => {
    const [a, b] = [hostInput(context, 0), hostInput(context, 1)]
    return [broadcast(context, a, b, compute)]
  }

function broadcast(
  context: OperatorContext,
  a: HostValue,
  b: HostValue,
  compute: (a: number, b: number, isInteger: boolean) => number,
): HostValue {
  const [longer] = [a, b].sort((x, y) => y.values.length - x.values.length)
  const fits = (value: HostValue): boolean =>
    value.values.length === 1 || value.values.length === longer.values.length
  if (!fits(a) || !fits(b)) throw unsupported(context, 'its lists are of several lengths')
  const isInteger = a.isInteger && b.isInteger
  const at = (value: HostValue, i: number): number =>
    value.values[value.values.length === 1 ? 0 : i]
  const values = Float64Array.from(longer.values, (_, i) => compute(at(a, i), at(b, i), isInteger))
  return { kind: 'host', dims: longer.dims, values, isInteger }
}

const rounded =
  (round: (x: number) => number): Operator =>
  (context) => {
    const value = hostInput(context, 0)
    return [{ ...value, values: Float64Array.from(value.values, round) }]
  }

/** Tried first where every input is on the host and small. */
export const HOST_OPERATORS: Readonly<Record<string, Operator>> = {
  Gather: gather,
  Concat: concat,
  Reshape: reshape,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Slice: slice,
  Cast: cast,
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: arithmetic((a, b, isInteger) => (isInteger ? Math.trunc(a / b) : a / b)),
  Equal: arithmetic((a, b) => Number(a === b)),
  Floor: rounded(Math.floor),
  Ceil: rounded(Math.ceil),
  ConstantOfShape: constantOfShape,
}

/** Give a host value whatever they are given. */
export const SHAPE_OPERATORS: Readonly<Record<string, Operator>> = {
  Shape: shape,
  Size: size,
  Constant: constant,
}

export const isSmall = (value: HostValue): boolean => value.values.length <= MAX_VALUES
