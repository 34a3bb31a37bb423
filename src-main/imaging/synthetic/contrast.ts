import type { Sequence } from '../../contract/index.ts'

/** Signal of each tissue on one sequence, healthy white matter being 1. */
export interface TissueContrast {
  csf: number
  grey: number
  white: number
  deepGrey: number
  ironRich: number
  vascular: number
  whiteLesion: number
  oedema: number
  /** Whether oedema is as blotchy as the core where κ = 0, so that blotches do not give the core away. */
  hidesCore: boolean
  /** The tumour core as the plain sequences show it: the same for necrosis and enhancing tumour. */
  core: number
  /** Added, times κ, where the core is necrotic and where it enhances: the weak cues. */
  necrosisCue: number
  enhancingCue: number
  /** Amplitude, times κ, of fine grain in the enhancing part. */
  grainCue: number
  /** Added whatever κ: what only the contrast medium shows. */
  necrosisOwn: number
  enhancingOwn: number
  /** Deviation of the mottling of the core, the same everywhere in it. */
  mottle: number
  /** Deviation of the fine unevenness of healthy tissue and oedema, share of the signal. */
  texture: number
}

/** Ratios close to those measured in grey, white matter and fluid of pre-operative glioma studies. */
export const CONTRASTS: Record<Sequence, TissueContrast> = {
  flair: {
    csf: 0.24,
    grey: 1.14,
    white: 1,
    deepGrey: 1.08,
    ironRich: 0.93,
    vascular: 0.8,
    whiteLesion: 1.55,
    oedema: 1.85,
    hidesCore: true,
    core: 1.85,
    necrosisCue: -0.09,
    enhancingCue: 0.08,
    grainCue: 0.14,
    necrosisOwn: 0,
    enhancingOwn: 0,
    mottle: 0.18,
    texture: 0.022,
  },
  t1: {
    csf: 0.46,
    grey: 0.84,
    white: 1,
    deepGrey: 0.86,
    ironRich: 0.96,
    vascular: 0.8,
    whiteLesion: 0.9,
    oedema: 0.87,
    hidesCore: false,
    core: 0.73,
    necrosisCue: -0.025,
    enhancingCue: 0.035,
    grainCue: 0.05,
    necrosisOwn: 0,
    enhancingOwn: 0,
    mottle: 0.05,
    texture: 0.014,
  },
  t1ce: {
    csf: 0.44,
    grey: 0.85,
    white: 1,
    deepGrey: 0.88,
    ironRich: 0.97,
    vascular: 1.8,
    whiteLesion: 0.9,
    oedema: 0.87,
    hidesCore: false,
    core: 0.73,
    necrosisCue: -0.06,
    enhancingCue: 0.05,
    grainCue: 0.05,
    necrosisOwn: -0.08,
    enhancingOwn: 0.7,
    mottle: 0.05,
    texture: 0.014,
  },
  t2: {
    csf: 3.2,
    grey: 1.36,
    white: 1,
    deepGrey: 1.22,
    ironRich: 0.86,
    vascular: 0.55,
    whiteLesion: 1.6,
    oedema: 1.8,
    hidesCore: false,
    core: 2.4,
    necrosisCue: 0.12,
    enhancingCue: -0.12,
    grainCue: 0.1,
    necrosisOwn: 0,
    enhancingOwn: 0,
    mottle: 0.2,
    texture: 0.04,
  },
}
