import { z } from 'zod'
import { GliadeskError } from '../../contract/index.ts'
import type { ChangeTally } from './changeTally.ts'

/** Keys of BIDS sidecars of MR whose values are numbers or lists of numbers. */
const NUMERIC: ReadonlySet<string> = new Set(
  `EchoTime EchoTime1 EchoTime2 RepetitionTime RepetitionTimeExcitation RepetitionTimePreparation InversionTime FlipAngle MagneticFieldStrength
  SliceThickness SpacingBetweenSlices EchoTrainLength EchoSpacing EffectiveEchoSpacing DerivedVendorReportedEchoSpacing
  TotalReadoutTime PhaseEncodingSteps AcquisitionMatrixPE ReconMatrixPE BaseResolution PercentPhaseFOV PercentSampling PixelBandwidth
  DwellTime SliceTiming NumberShots ParallelReductionFactorInPlane ParallelReductionFactorOutOfPlane MultibandAccelerationFactor PartialFourier
  ImagingFrequency SAR EchoNumber NumberOfAverages SpoilingRFPhaseIncrement SpoilingGradientMoment SpoilingGradientDuration NumberOfVolumesDiscardedByScanner
  ImageOrientationPatientDICOM`.split(/\s+/),
)
/** Keys whose values are one of a few technical words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  Modality: ['MR', 'CT', 'PT'],
  Manufacturer: [
    'Siemens',
    'SIEMENS',
    'GE',
    'Philips',
    'Canon',
    'Toshiba',
    'UIH',
    'Hitachi',
    'Bruker',
  ],
  MRAcquisitionType: ['2D', '3D'],
  ScanningSequence: ['SE', 'IR', 'GR', 'EP', 'RM', 'SE\\IR', 'GR\\IR', 'SE_IR', 'GR_IR', 'EP_SE'],
  PhaseEncodingDirection: ['i', 'i-', 'j', 'j-', 'k', 'k-'],
  SliceEncodingDirection: ['i', 'i-', 'j', 'j-', 'k', 'k-'],
  InPlanePhaseEncodingDirectionDICOM: ['ROW', 'COL'],
  BodyPartExamined: ['BRAIN', 'HEAD', 'SKULL', 'NECK'],
  PatientPosition: ['HFS', 'HFP', 'FFS', 'FFP'],
  SkullStripped: [],
  MTState: [],
  NonlinearGradientCorrection: [],
  SpoilingState: [],
}

/**
 * A BIDS sidecar with the technical keys of a list and nothing else: numbers, yes or no, and words of a fixed set.
 * What was left out is counted, not named: keys are made by people too.
 *
 * @throws GliadeskError BAD_FILE where it is no JSON object
 */
export function scrubSidecar(text: string, fileName: string, tally: ChangeTally): string {
  const entries = Object.entries(parse(text, fileName))
  const kept = entries.filter(([key, value]) => isTechnical(key, value))
  const removed = entries.length - kept.length
  if (removed > 0) tally.add('sidecar', 'Keys outside of the technical list', 'removed', removed)
  return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`
}

function isTechnical(key: string, value: unknown): boolean {
  if (NUMERIC.has(key)) return z.union([z.number(), z.array(z.number())]).safeParse(value).success
  if (!Object.hasOwn(WORDS, key)) return false
  return typeof value === 'boolean' || (typeof value === 'string' && WORDS[key].includes(value))
}

function parse(text: string, fileName: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the content: it is not passed on.
    value = null
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value)
  if (parsed.success) return parsed.data
  throw new GliadeskError(
    'BAD_FILE',
    `${fileName}: it is no JSON object.`,
    'Leave the file out, or write it again; it was not copied.',
  )
}
