import { describe, expect, it } from 'vitest'
import { labelOperationSchema } from '../../src-main/contract/index.ts'
import { OPERATION_AMOUNTS, operationOf, type OperationKind } from './refineOperation.ts'

describe('the form of the operations', () => {
  it.each(Object.keys(OPERATION_AMOUNTS) as OperationKind[])(
    '%s asks for what the core accepts, from the start value to the largest',
    (kind) => {
      const amount = OPERATION_AMOUNTS[kind]
      for (const value of amount ? [amount.start, amount.max] : [0]) {
        const operation = operationOf({
          kind,
          label: 2,
          amount: value,
          axis: 1,
          sequence: 't1ce',
          voxel: 7,
        })
        expect(labelOperationSchema.parse(operation)).toEqual(operation)
        if (amount) expect(Object.values(operation)).toContain(value)
      }
    },
  )
})
