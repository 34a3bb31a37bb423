import { describe, expect, it } from 'vitest'
import { DEFAULT_PREPARATION, preparationPlanSchema } from '../../src-main/contract/index.ts'
import { formOf, planOf } from './preparationForm.ts'

describe('the form of a preparation', () => {
  it('shows a plan and gives it back', () => {
    expect(planOf(formOf(DEFAULT_PREPARATION))).toEqual(DEFAULT_PREPARATION)
    const own = preparationPlanSchema.parse({
      schema: 1,
      reference: 'flair',
      reorient: false,
      resample: { spacingMm: 2.5 },
      register: false,
      crop: { marginMm: 0 },
      biasCorrection: { levels: 3 },
      brainExtraction: { fraction: 0.4 },
    })
    expect(planOf(formOf(own))).toEqual(own)
  })

  it('keeps the figures of a step that is off, and takes the usual ones for empty fields', () => {
    const off = { ...DEFAULT_PREPARATION, resample: null, crop: null, brainExtraction: null }
    const form = formOf(off)
    expect(planOf(form)).toEqual(off)
    const on = { ...form, resample: true, crop: true, brain: true }
    expect(planOf({ ...on, spacingMm: undefined, fraction: undefined })).toEqual(
      DEFAULT_PREPARATION,
    )
  })
})
