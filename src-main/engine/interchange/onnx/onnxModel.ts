/**
 * An ONNX model as far as this program reads and writes it: one graph without subgraphs, tensors of numbers. Plain
 * data, independent of the file format and of any backend.
 */
export interface OnnxModel {
  /** Version of the default operator set. */
  readonly opset: number
  readonly producer: string
  readonly producerVersion: string
  readonly graphName: string
  readonly description: string
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, OnnxTensor>
  readonly metadata: Readonly<Record<string, string>>
}

/** A named input or output. A dimension is its extent, or the name of one that the caller chooses. */
export interface OnnxValue {
  readonly name: string
  readonly elementType: number
  readonly dims: readonly (number | string)[]
}

/** Floating-point tensors are held as float32; integers and truth values as numbers, exact up to 2⁵³. */
export interface OnnxTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array | Float64Array
  readonly isInteger: boolean
}

export type OnnxAttribute = number | string | readonly number[] | readonly string[] | OnnxTensor

export interface OnnxNode {
  readonly op: string
  readonly name: string
  /** An empty name stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

/** TensorProto.DataType. */
export const ELEMENT = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
} as const
