/** Raw values and shape of one named tensor, outside of any backend. */
export interface NamedArray {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Count of values in a tensor of this shape; 1 for a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
