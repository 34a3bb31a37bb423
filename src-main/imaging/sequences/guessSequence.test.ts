import { describe, expect, it } from 'vitest'
import { guessSequence } from './guessSequence.ts'
import type { SequenceHints } from './sequenceHints.ts'

const hints = (more: Partial<SequenceHints>): SequenceHints => ({
  modality: 'MR',
  seriesDescription: null,
  protocolName: null,
  sequenceName: null,
  imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
  scanningSequence: [],
  sequenceVariant: [],
  acquisitionType: null,
  repetitionTimeMs: null,
  echoTimeMs: null,
  inversionTimeMs: null,
  flipAngleDegrees: null,
  echoNumber: null,
  diffusionBValue: null,
  contrastAgent: null,
  ...more,
})
const timing = (tr: number, te: number, ti: number | null = null, ...scanning: string[]) => ({
  repetitionTimeMs: tr,
  echoTimeMs: te,
  inversionTimeMs: ti,
  scanningSequence: scanning,
})

describe('the guess by description', () => {
  it.each([
    ['Ax T2 FLAIR', 'flair'],
    ['t2_tirm_tra_dark-fluid_fs', 'flair'],
    ['AX FLAIR +C', 'flair'],
    ['t1_mprage_sag_p2_iso', 't1'],
    ['Ax T1 FLAIR', 't1'],
    ['t1_mprage_sag_p2_iso_Gd', 't1ce'],
    ['AX T1 +C', 't1ce'],
    ['T1 post contrast', 't1ce'],
    ['T1W_3D_TFE KM', 't1ce'],
    ['T1 pre contrast', 't1'],
    ['t2_tse_tra_512', 't2'],
    ['AX T2 FSE', 't2'],
    ['SAG 3D BRAVO', 't1'],
  ])('%s is %s', (seriesDescription, sequence) => {
    const guess = guessSequence(hints({ seriesDescription }))
    expect(guess.sequence).toBe(sequence)
    expect(guess.confidence).toBeGreaterThanOrEqual(0.8)
    expect(guess.reason).toContain('the description says')
  })

  it.each([
    ['3-plane localizer', 'a localiser'],
    ['AAScout', 'a localiser'],
    ['ep2d_diff_3scan_trace_ADC', 'diffusion'],
    ['Apparent Diffusion Coefficient (mm2/s)', 'diffusion'],
    ['relCBV_perfusion', 'perfusion'],
    ['SWI_Images', 'susceptibility'],
    ['AX T2* GRE', 'susceptibility'],
    ['TOF 3D multi-slab', 'angiography'],
    ['ax T1 SUB', 'a subtraction'],
  ])('%s is none of the four: %s', (seriesDescription, kind) => {
    const guess = guessSequence(hints({ seriesDescription }))
    expect(guess).toMatchObject({ sequence: null, confidence: 0.9 })
    expect(guess.reason).toContain(kind)
  })
})

describe('the guess by timing', () => {
  it.each([
    ['T1 spin echo', timing(500, 12, null, 'SE'), 't1'],
    ['T2 turbo spin echo', timing(4500, 98, null, 'SE'), 't2'],
    ['FLAIR', timing(9000, 110, 2500, 'SE', 'IR'), 'flair'],
    ['MPRAGE', timing(2300, 3, 900, 'GR', 'IR'), 't1'],
    ['spoiled gradient echo', timing(8, 3, null, 'GR'), 't1'],
  ])('%s', (_, times, sequence) => {
    const guess = guessSequence(hints(times))
    expect(guess.sequence).toBe(sequence)
    expect(guess.confidence).toBeGreaterThanOrEqual(0.6)
    expect(guess.reason).toMatch(/^TR \d+ ms, TE \d+ ms/)
  })

  it('takes proton density for T2 with little confidence and says what it is', () => {
    const guess = guessSequence(
      hints({ ...timing(2300, 22, null, 'SE'), seriesDescription: 'FSE PD AXIAL' }),
    )
    expect(guess).toMatchObject({ sequence: 't2', confidence: 0.3 })
    expect(guess.reason).toContain('proton density')
  })

  it('raises the confidence where it agrees with the description, and lowers it where not', () => {
    const named = hints({ seriesDescription: 'ax T2 tse' })
    expect(guessSequence({ ...named, ...timing(4500, 98) }).confidence).toBe(0.95)
    const opposed = guessSequence({ ...named, ...timing(500, 12) })
    expect(opposed).toMatchObject({ sequence: 't2', confidence: 0.6 })
    expect(opposed.reason).toContain(
      'although TR 500 ms, TE 12 ms (short TR and TE) would rather be T1',
    )
  })

  it('does not count a missing inversion time against FLAIR', () => {
    const guess = guessSequence(hints({ ...timing(10_002, 159.5), seriesDescription: 'FLAIR' }))
    expect(guess).toMatchObject({ sequence: 'flair', confidence: 0.8 })
  })
})

describe('the contrast agent', () => {
  const t1 = hints({ ...timing(500, 12), seriesDescription: 'ax T1 se' })

  it('makes T1 to T1ce where it is stated', () => {
    const guess = guessSequence({ ...t1, contrastAgent: 'Gadovist' })
    expect(guess).toMatchObject({ sequence: 't1ce', confidence: 0.75 })
    expect(guess.reason).toContain('with a contrast agent stated')
  })

  it.each(['NONE', 'no', 'without'])('is absent where the field says "%s"', (contrastAgent) => {
    expect(guessSequence({ ...t1, contrastAgent }).sequence).toBe('t1')
  })

  it('leaves other sequences as they are', () => {
    const t2 = hints({ seriesDescription: 'T2', contrastAgent: 'Dotarem' })
    expect(guessSequence(t2).sequence).toBe('t2')
  })
})

describe('what is none of the four', () => {
  it.each([
    ['another modality', { modality: 'CT' }, 'CT, not MR'],
    ['a b-value', { diffusionBValue: 1000 }, 'a b-value of 1000'],
    ['an ADC map', { imageType: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'] }, 'diffusion'],
    ['a projection', { imageType: ['DERIVED', 'SECONDARY', 'PROJECTION IMAGE'] }, 'a projection'],
    ['a phase image', { imageType: ['ORIGINAL', 'PRIMARY', 'P', 'ND'] }, 'phase'],
  ])('is told by the header: %s', (_, more, words) => {
    const guess = guessSequence(hints({ seriesDescription: 'ax T2', ...more }))
    expect(guess.sequence).toBeNull()
    expect(guess.confidence).toBeGreaterThan(0.9)
    expect(guess.reason).toContain(words)
  })

  it('is left open where nothing is said', () => {
    expect(guessSequence(hints({ seriesDescription: 'series 5' }))).toEqual({
      sequence: null,
      confidence: 0,
      reason: 'the description "series 5" and the timing tell none of FLAIR, T1, T1ce and T2',
    })
  })
})
