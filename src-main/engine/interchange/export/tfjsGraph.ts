import type { NamedArray } from '../../namedArray.ts'

/** An attribute of a node as TensorFlow's GraphDef writes it in JSON; texts are base64. */
type Attribute =
  | { readonly i: string }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly s: string }
  | { readonly type: 'DT_FLOAT' | 'DT_INT32' }
  | { readonly list: { readonly i: readonly string[] } }
  | { readonly shape: GraphShape }

interface GraphShape {
  readonly dim: readonly { readonly size: string }[]
}

export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly input: readonly string[]
  readonly attr: Readonly<Record<string, Attribute>>
}

export const integerOf = (value: number): Attribute => ({ i: String(value) })
export const floatOf = (value: number): Attribute => ({ f: value })
export const truthOf = (value: boolean): Attribute => ({ b: value })
export const textOf = (value: string): Attribute => ({ s: btoa(value) })
export const integersOf = (values: readonly number[]): Attribute => ({
  list: { i: values.map(String) },
})
export const FLOAT: Attribute = { type: 'DT_FLOAT' }
export const INT32: Attribute = { type: 'DT_INT32' }

/** −1 for an extent that the caller chooses. */
export const shapeOf = (extents: readonly number[]): GraphShape => ({
  dim: extents.map((extent) => ({ size: String(extent) })),
})

/** A three-dimensional convolution's; a reader needs the dilation too, although it has a default. */
export const convolutionAttributes = (
  padding: 'SAME' | 'VALID',
  stride = 1,
  dilation = 1,
): Record<string, Attribute> => ({
  strides: integersOf([1, stride, stride, stride, 1]),
  dilations: integersOf([1, dilation, dilation, dilation, 1]),
  padding: textOf(padding),
  data_format: textOf('NDHWC'),
})

/** A constant of the graph: a trained parameter, or integers that steer an operation. */
export type GraphConstant =
  NamedArray | { readonly shape: readonly number[]; readonly values: Int32Array }

/** Collects the nodes and constants of a graph; every method gives the name of what it added. */
export interface GraphBuilder {
  readonly nodes: readonly GraphNode[]
  readonly constants: ReadonlyMap<string, GraphConstant>
  node(op: string, name: string, input: readonly string[], attr?: Record<string, Attribute>): string
  constant(name: string, value: GraphConstant): string
  /** Shared by all who ask for the same numbers. */
  integers(values: readonly number[]): string
  integer(value: number): string
  float(value: number): string
}

export function graphBuilder(): GraphBuilder {
  const nodes: GraphNode[] = []
  const constants = new Map<string, GraphConstant>()
  const builder: GraphBuilder = {
    nodes,
    constants,
    node: (op, name, input, attr = {}) => {
      nodes.push({ name, op, input, attr: { T: FLOAT, ...attr } })
      return name
    },
    constant: (name, value) => {
      if (constants.has(name)) return name
      constants.set(name, value)
      const dtype = value.values instanceof Int32Array ? INT32 : FLOAT
      nodes.push({ name, op: 'Const', input: [], attr: { dtype } })
      return name
    },
    integers: (values) =>
      builder.constant(`integers_${values.join('_')}`.replaceAll('-', 'minus'), {
        shape: [values.length],
        values: Int32Array.from(values),
      }),
    integer: (value) =>
      builder.constant(`integer_${value}`.replaceAll('-', 'minus'), {
        shape: [],
        values: Int32Array.of(value),
      }),
    float: (value) =>
      builder.constant(`float_${value}`, { shape: [], values: Float32Array.of(value) }),
  }
  return builder
}
