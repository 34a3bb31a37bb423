import { GliadeskError, type ImportedNetwork } from '../../../contract/index.ts'

type Taps = ImportedNetwork['taps']

/** A volume that a graph computes; `stride` is input voxels per feature along x, y, z. */
export interface SurveyedValue {
  readonly value: string
  readonly channels: number
  readonly stride: [number, number, number]
}

/**
 * Finds the layers of a U-shaped network by resolution, in the names of our own: of every level the last value on the way
 * down ("encoder.0" …), at the coarsest the last of all ("bottleneck"), on the way up the last of every level
 * ("decoder.0" …). What its owner names goes before.
 *
 * @param values in the order in which they are computed
 * @param head the last convolution; it and what follows are the answer, no features
 * @param named the file's value by tap name
 * @throws GliadeskError BAD_INPUT for a tap name that there is none of, or a value that the network does not compute
 */
export function chooseTaps(
  values: readonly SurveyedValue[],
  head: string,
  named: Readonly<Record<string, string>>,
): { taps: Taps; channels: number[] } {
  const end = values.findIndex(({ value }) => value === head)
  const features = end > 0 ? values.slice(0, end) : values
  const coarseness = ({ stride }: SurveyedValue): number => stride[0] * stride[1] * stride[2]
  const coarsest = Math.max(...features.map(coarseness))
  const turn = features.findIndex((value) => coarseness(value) === coarsest)
  const isBelow = (value: SurveyedValue): boolean => coarseness(value) === coarsest
  const down = lastOfEach(features.slice(0, turn))
  const up = lastOfEach(features.slice(turn).filter((value) => !isBelow(value)))
  const bottleneck = features.findLast(isBelow)

  const taps: Taps = {}
  down.forEach((value, level) => (taps[`encoder.${level}`] = value))
  if (bottleneck) taps['bottleneck'] = bottleneck
  up.forEach((value, level) => (taps[`decoder.${level}`] = value))
  for (const [tap, name] of Object.entries(named)) taps[tap] = namedTap(tap, name, values)

  const levels = [...down, ...(bottleneck ? [bottleneck] : [])].map(({ channels }) => channels)
  // A network of one resolution counts as two, which is the least that plans describe.
  const channels = levels.length > 1 ? levels.slice(0, 6) : [...levels, ...levels]
  return { taps, channels: channels.map((count) => Math.min(512, Math.max(2, count))) }
}

/** The last value of every resolution, finest first. */
function lastOfEach(values: readonly SurveyedValue[]): SurveyedValue[] {
  const byStride = new Map(values.map((value) => [value.stride.join(), value]))
  const size = ({ stride }: SurveyedValue): number => stride[0] * stride[1] * stride[2]
  return [...byStride.values()].sort((a, b) => size(a) - size(b)).slice(0, 10)
}

function namedTap(tap: string, name: string, values: readonly SurveyedValue[]): SurveyedValue {
  if (!/^(encoder\.\d|bottleneck|decoder\.\d)$/.test(tap)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `"${tap}" is no name of a layer.`,
      'Use encoder.0 (finest), encoder.1 …, bottleneck, decoder.0 (finest), decoder.1 ….',
    )
  }
  const found = values.find(({ value }) => value === name)
  if (found) return found
  const known = values.map(({ value }) => value)
  throw new GliadeskError(
    'BAD_INPUT',
    `The network computes no features "${name}" for the layer ${tap}.`,
    `It computes ${known.slice(0, 40).join(', ')}${known.length > 40 ? ' …' : ''}.`,
  )
}
