import type { Operator } from '../operatorContext.ts'
import { CONVOLUTIONS } from './convolution.ts'
import { ELEMENTWISE } from './elementwise.ts'
import { HOST_OPERATORS, SHAPE_OPERATORS, isSmall } from './hostArithmetic.ts'
import { LAYOUTS } from './layout.ts'
import { NORMALISATIONS } from './normalisation.ts'
import { POOLINGS } from './pooling.ts'
import { RESIZES } from './resize.ts'
import type { Value } from '../value.ts'

const TENSOR_OPERATORS: Readonly<Record<string, Operator>> = {
  ...CONVOLUTIONS,
  ...NORMALISATIONS,
  ...ELEMENTWISE,
  ...POOLINGS,
  ...RESIZES,
  ...LAYOUTS,
}

/** Every operator that is understood, in alphabetical order. */
export const OPERATOR_NAMES: readonly string[] = [
  ...new Set([TENSOR_OPERATORS, HOST_OPERATORS, SHAPE_OPERATORS].flatMap(Object.keys)),
].sort()

/** What computes a node for these inputs; null where nothing does. */
export function operatorFor(op: string, inputs: readonly (Value | null)[]): Operator | null {
  const isOwn = (table: Readonly<Record<string, Operator>>): boolean => Object.hasOwn(table, op)
  if (isOwn(SHAPE_OPERATORS)) return SHAPE_OPERATORS[op]
  const steers = inputs.every(
    (value) => value === null || (value.kind === 'host' && isSmall(value)),
  )
  if (steers && isOwn(HOST_OPERATORS)) return HOST_OPERATORS[op]
  return isOwn(TENSOR_OPERATORS) ? TENSOR_OPERATORS[op] : null
}
