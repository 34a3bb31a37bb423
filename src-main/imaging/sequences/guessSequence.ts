import { SEQUENCE_TITLES, type Sequence } from '../../contract/anatomy.ts'
import type { SequenceHints } from './sequenceHints.ts'

/** Which of the four sequences a series is, how sure one can be (0 to 1), and how one can tell, in words. */
export interface SequenceGuess {
  readonly sequence: Sequence | null
  readonly confidence: number
  readonly reason: string
}

/** Series that hold anatomy of none of the four kinds, by words of their description. Order matters: first match. */
const OTHER_KINDS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(loc|localis\w*|localiz\w*|scout|survey|plan ?scan|3[ -]?plane|pilot|aascout)\b/i,
    'a localiser',
  ],
  [/\b(adc|apparent|dwi|dw|diff\w*|dti|trace\w*|fa|tensor|b1000|ep2d_diff\w*)\b/i, 'diffusion'],
  [/\b(perf\w*|pwi|dsc|dce|r?cbv|r?cbf|mtt|ttp|tmax|asl|ktrans)\b/i, 'perfusion'],
  [/\b(swi|swan|minip|venobold|t2 ?star|hemo\w*|gre_t2s|phase|pha|qsm)\b/i, 'susceptibility'],
  [/\bt2 ?\*/i, 'susceptibility'],
  [/\b(mra|tof|angio\w*|mrv|mip|pc3d)\b/i, 'angiography'],
  [/\b(bold|fmri|rest|resting)\b/i, 'functional imaging'],
  [/\b(spectro\w*|mrs|csi|svs|press)\b/i, 'spectroscopy'],
  [/\b(sub|subtr\w*)\b/i, 'a subtraction'],
  [
    /\b(field ?map\w*|b0 ?map|b1 ?map|cal|calib\w*|asset|shim|sense ref\w*)\b/i,
    'a calibration scan',
  ],
]
/** Values of Image Type that mark something computed or another kind of scan. */
const OTHER_IMAGE_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^LOCALI[SZ]ER$/i, 'a localiser'],
  [/^(ADC|TRACEW?|FA|DIFFUSION|TENSOR.*|EADC|DFC_.*)$/i, 'diffusion'],
  [/^(PERFUSION.*|CBV|CBF|MTT|TTP|RELCBV|RELCBF|RELMTT|GBP|ASL|SUBTRACTION|TTEST)$/i, 'perfusion'],
  [/^(PROJECTION IMAGE|MIP|MIN ?IP|MNIP|MAX_IP|MIN_IP)$/i, 'a projection'],
  [/^(P|PHASE|PHASE MAP|REAL|IMAGINARY|R|I)$/i, 'a phase, real or imaginary image'],
  [/^(FMRI|MOCO_FMRI|T_TEST)$/i, 'functional imaging'],
]

const FLAIR = /flair|dark[ _-]?fluid|\bt2[ _-]?ir\b/i
const T1 =
  /\bt1|mp[ _-]?rage|\bbravo\b|\bspgr\b|\bfspgr\b|\btfl3d|\bvibe\b|\bthrive\b|3d[ _-]?tfe|\bir[ _-]?fspgr/i
const T2 = /\bt2/i
const CONTRAST =
  /\+ ?c\b|\+ ?gd|\bgd\b|gado?|\bpost\b|post[ _-]?(con|gd|km|gad)|\bce\b|t1ce|t1c\b|\bkm\b|contrast|\bc\+/i
/** With the word that it denies, so that "pre contrast" does not count as contrast. */
const NO_CONTRAST = /\b(?:pre|nativ|native|without|w\/?o|non)[ _-]*(?:con\w*|gd|gad\w*|ce|km|c)?\b/i
const NO_AGENT = /^(no|none|n|0|nein|non|without.*|n\/?a)$/i

/**
 * Guesses from the header which of the four sequences a series is. The description is believed first; timing
 * decides where it says nothing, and lowers the confidence where it contradicts. Thresholds are those of spin-echo
 * and gradient-echo imaging at 1.5 and 3 T.
 */
export function guessSequence(hints: SequenceHints): SequenceGuess {
  const other = otherKind(hints)
  if (other) return { sequence: null, confidence: other.confidence, reason: other.reason }
  const words = describe(hints)
  const timing = byTiming(hints)
  const named = byName(words)
  if (!named) return timing ? withContrast(timing, hints, words) : unknown(hints)
  const base = named.sequence
  const agrees = timing?.sequence === base
  // FLAIR is timed like T2 but for its inversion, which old headers leave out.
  const isFlairOrT2 = base === 'flair' && timing?.sequence === 't2' && !hints.inversionTimeMs
  const isOpposed = timing !== null && timing.sequence !== null && !agrees && !isFlairOrT2
  const confidence = agrees ? 0.95 : isOpposed ? 0.6 : 0.8
  const reason = isOpposed
    ? `${named.reason}, although ${timing.reason} would rather be ${titleOf(timing.sequence)}`
    : agrees
      ? `${named.reason}; ${timing.reason} agrees`
      : named.reason
  return withContrast({ sequence: base, confidence, reason }, hints, words)
}

const titleOf = (sequence: Sequence | null): string =>
  sequence === null ? 'none of the four' : SEQUENCE_TITLES[sequence]

/** Underscores and digits glue words together in descriptions; a space in their place sets the words free. */
const describe = ({ seriesDescription, protocolName }: SequenceHints): string =>
  `${seriesDescription ?? ''} | ${protocolName ?? ''}`.replace(/_/g, ' ')

function otherKind(hints: SequenceHints): { reason: string; confidence: number } | null {
  if (hints.modality !== 'MR') {
    return { confidence: 1, reason: `the modality is ${hints.modality || 'not stated'}, not MR` }
  }
  for (const value of hints.imageType.slice(2)) {
    const found = OTHER_IMAGE_TYPES.find(([pattern]) => pattern.test(value))
    if (found) return { confidence: 0.95, reason: `Image Type says "${value}": ${found[1]}` }
  }
  if ((hints.diffusionBValue ?? 0) > 0) {
    return { confidence: 0.95, reason: `a b-value of ${hints.diffusionBValue} s/mm²: diffusion` }
  }
  // The description alone: a protocol's name ("brain tumour perfusion") often covers all of its series.
  const text = (hints.seriesDescription ?? hints.protocolName ?? '').replace(/_/g, ' ')
  for (const [pattern, kind] of OTHER_KINDS) {
    const match = pattern.exec(text)
    if (match) return { confidence: 0.9, reason: `the description says "${match[0]}": ${kind}` }
  }
  return null
}

function byName(words: string): { sequence: Sequence; reason: string } | null {
  const says = (match: RegExpExecArray): string => `the description says "${match[0].trim()}"`
  const flair = FLAIR.exec(words)
  const t1 = T1.exec(words)
  // A T1 FLAIR is an inversion-prepared T1 image.
  if (flair && !/\bt1[ _-]*(w[ _-]*)?flair/i.test(words)) {
    return { sequence: 'flair', reason: says(flair) }
  }
  const t2 = T2.exec(words)
  if (t1 && (!t2 || t1.index < t2.index)) return { sequence: 't1', reason: says(t1) }
  return t2 ? { sequence: 't2', reason: says(t2) } : null
}

function byTiming(hints: SequenceHints): SequenceGuess | null {
  const { repetitionTimeMs: tr, echoTimeMs: te, inversionTimeMs: ti, scanningSequence } = hints
  if (tr === null || te === null) return null
  const times = `TR ${tr} ms, TE ${te} ms${ti ? `, TI ${ti} ms` : ''}`
  const make = (sequence: Sequence | null, confidence: number, what: string): SequenceGuess => ({
    sequence,
    confidence,
    reason: `${times} (${what})`,
  })
  const isInversion = (ti ?? 0) > 0 || scanningSequence.includes('IR')
  if (isInversion && (ti ?? 2000) >= 1500 && tr >= 4000) {
    return make('flair', 0.85, 'long inversion and repetition times')
  }
  if (isInversion && tr < 4000 && te < 30) return make('t1', 0.75, 'inversion-prepared, short TE')
  const isGradient = scanningSequence.includes('GR') && !scanningSequence.includes('SE')
  if (isGradient && te > 15) return make(null, 0.6, 'a gradient echo with a long TE')
  if (isGradient && tr < 800 && te <= 15) return make('t1', 0.6, 'a gradient echo with a short TE')
  if (tr <= 1200 && te <= 35) return make('t1', 0.7, 'short TR and TE')
  if (tr >= 1800 && te >= 60) return make('t2', 0.7, 'long TR and TE')
  if (tr >= 1800 && te < 60) {
    return make(
      't2',
      0.3,
      'long TR with a short TE: proton density, of which T2 is only the nearest',
    )
  }
  return null
}

/** A T1 image after contrast agent is T1ce. */
function withContrast(guess: SequenceGuess, hints: SequenceHints, words: string): SequenceGuess {
  if (guess.sequence !== 't1') return guess
  const denied = NO_CONTRAST.exec(words)
  const said = CONTRAST.exec(denied ? words.replace(denied[0], ' ') : words)
  const agent = hints.contrastAgent
  const isGiven = agent !== null && !NO_AGENT.test(agent)
  if (denied && !said) {
    return { ...guess, reason: `${guess.reason}, without contrast by "${denied[0].trim()}"` }
  }
  if (said) {
    const more = isGiven ? ', and a contrast agent is stated' : ''
    return {
      sequence: 't1ce',
      confidence: isGiven ? guess.confidence : Math.min(guess.confidence, 0.85),
      reason: `${guess.reason}, after contrast by "${said[0].trim()}"${more}`,
    }
  }
  if (isGiven) {
    return {
      sequence: 't1ce',
      confidence: Math.min(guess.confidence, 0.75),
      reason: `${guess.reason}, with a contrast agent stated`,
    }
  }
  return { ...guess, reason: `${guess.reason}, without a contrast agent` }
}

function unknown({ seriesDescription }: SequenceHints): SequenceGuess {
  const said = seriesDescription ? `the description "${seriesDescription}"` : 'no description'
  return {
    sequence: null,
    confidence: 0,
    reason: `${said} and the timing tell none of FLAIR, T1, T1ce and T2`,
  }
}
