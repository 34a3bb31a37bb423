import {
  DEFAULT_PREPARATION,
  type PreparationPlan,
  type Sequence,
} from '../../src-main/contract/index.ts'

/** A plan as a form shows it: a step that is switched off keeps its figures for when it is switched on again. */
export interface PreparationForm {
  orient: boolean
  resample: boolean
  register: boolean
  crop: boolean
  brain: boolean
  bias: boolean
  /** `automatic` takes the finest of T1ce and T1, else the finest. */
  reference: Sequence | 'automatic'
  /** Undefined while a field is empty, which counts as the default. */
  spacingMm: number | undefined
  marginMm: number | undefined
  fraction: number | undefined
}

const BIAS_LEVELS = 3
const DEFAULT_SPACING_MM = DEFAULT_PREPARATION.resample?.spacingMm ?? 1
const DEFAULT_MARGIN_MM = DEFAULT_PREPARATION.crop?.marginMm ?? 10
const DEFAULT_FRACTION = DEFAULT_PREPARATION.brainExtraction?.fraction ?? 0.55

export const formOf = (plan: PreparationPlan): PreparationForm => ({
  orient: plan.reorient,
  resample: plan.resample !== null,
  register: plan.register,
  crop: plan.crop !== null,
  brain: plan.brainExtraction !== null,
  bias: plan.biasCorrection !== null,
  reference: plan.reference ?? 'automatic',
  spacingMm: plan.resample?.spacingMm ?? DEFAULT_SPACING_MM,
  marginMm: plan.crop?.marginMm ?? DEFAULT_MARGIN_MM,
  fraction: plan.brainExtraction?.fraction ?? DEFAULT_FRACTION,
})

export const planOf = (form: Readonly<PreparationForm>): PreparationPlan => ({
  schema: 1,
  reference: form.reference === 'automatic' ? null : form.reference,
  reorient: form.orient,
  resample: form.resample ? { spacingMm: form.spacingMm ?? DEFAULT_SPACING_MM } : null,
  register: form.register,
  crop: form.crop ? { marginMm: form.marginMm ?? DEFAULT_MARGIN_MM } : null,
  biasCorrection: form.bias ? { levels: BIAS_LEVELS } : null,
  brainExtraction: form.brain ? { fraction: form.fraction ?? DEFAULT_FRACTION } : null,
})
