import { z } from 'zod'

/** The four MRI sequences of a glioma study, in the fixed channel order every tensor and file uses. */
export const SEQUENCES = ['flair', 't1', 't1ce', 't2'] as const
export const sequenceSchema = z.enum(SEQUENCES)
export type Sequence = z.infer<typeof sequenceSchema>

export const SEQUENCE_TITLES: Record<Sequence, string> = {
  flair: 'FLAIR',
  t1: 'T1',
  t1ce: 'T1ce',
  t2: 'T2',
}

/**
 * Label values inside the program. On disk enhancing tumour is 4 (BraTS up to 2022) or 3 (from 2023);
 * `LabelConvention` says which, and readers and writers translate.
 */
export const LABELS = { background: 0, necrosis: 1, edema: 2, enhancing: 3 } as const
export const LABEL_COUNT = 4
export const LABEL_NAMES = ['Background', 'NCR', 'ED', 'ET'] as const

export const labelConventionSchema = z.enum(['et4', 'et3'])
export type LabelConvention = z.infer<typeof labelConventionSchema>

/** The regions BraTS scores: whole tumour, tumour core, enhancing tumour. */
export const REGIONS = ['WT', 'TC', 'ET'] as const
export const regionSchema = z.enum(REGIONS)
export type Region = z.infer<typeof regionSchema>

/** Which label values make up a region. */
export const REGION_LABELS: Record<Region, readonly number[]> = {
  WT: [LABELS.necrosis, LABELS.edema, LABELS.enhancing],
  TC: [LABELS.necrosis, LABELS.enhancing],
  ET: [LABELS.enhancing],
}

export const byRegion = <T extends z.ZodType>(value: T) =>
  z.object({ WT: value, TC: value, ET: value })
