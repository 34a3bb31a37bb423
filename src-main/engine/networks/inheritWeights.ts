import { GliadeskError, type NetworkConfig, type Sequence } from '../../contract/index.ts'
import { sizeOf, type NamedArray } from './parameters.ts'

/** A network as far as inheriting goes. */
export interface Heir {
  readonly config: NetworkConfig
  /** Input channels in order. */
  readonly sequences: readonly Sequence[]
}

type Weights = ReadonlyMap<string, NamedArray>

/**
 * The teacher's weights in the shapes of a student that reads fewer sequences and may be narrower. A channel of the
 * student is a channel of the teacher: where it has fewer, those with the largest |scale| of the instance norm behind them
 * stay (network slimming, Liu et al., ICCV 2017), of an upsampling those with the largest filters, in their order. The
 * first layer keeps the filters of the student's sequences. Convolutions need no rescaling, since an instance norm
 * follows; a head's filter is scaled up by the share of importance × weight that it lost.
 *
 * Equal widths and levels give the teacher as it would answer if its other sequences were blank, exactly. Heads that
 * the teacher lacks are left out.
 *
 * @returns by name; a residual path that the student needs no projection for has an entry that it can leave aside
 * @throws GliadeskError BAD_INPUT where the student has other levels, more channels, or a narrower residual path
 */
export function inheritWeights(
  teacher: Heir & { readonly weights: Weights },
  student: Heir,
): Map<string, NamedArray> {
  requireRelated(teacher, student)
  const { weights } = teacher
  const [from, to] = [teacher.config.channels, student.config.channels]
  const last = to.length - 1
  const convolutions = to.map(() => student.config.convolutionsPerLevel - 1)
  const result = new Map<string, NamedArray>()
  const chosen = new Map<string, number[]>()
  const outOf = (block: string, level: number): number[] =>
    chosen.get(`${block}.${level}.${convolutions[level]}`)!

  const inputs = student.sequences.map((sequence) => teacher.sequences.indexOf(sequence))
  const take = (name: string, picks: readonly (readonly number[] | null)[]): void => {
    result.set(name, pick(weights.get(name)!, picks))
  }
  const block = (name: string, level: number, input: readonly number[]): void => {
    let incoming = input
    for (let i = 0; i <= convolutions[level]; i++) {
      const each = `${name}.${level}.${i}`
      const outgoing = most(magnitudes(weights.get(`${each}.scale`)!), to[level])
      chosen.set(each, outgoing)
      take(`${each}.filter`, [null, null, null, incoming, outgoing])
      take(`${each}.scale`, [outgoing])
      take(`${each}.offset`, [outgoing])
      incoming = outgoing
    }
    const shortcut = `${name}.${level}.shortcut.filter`
    if (weights.has(shortcut)) take(shortcut, [input, outOf(name, level)])
    // The teacher added its input as it is; a student with fewer inputs has a projection in that place.
    else if (student.config.residual) result.set(shortcut, selection(input, outOf(name, level)))
  }

  to.forEach((_, level) =>
    block('encoder', level, level === 0 ? inputs : outOf('encoder', level - 1)),
  )
  for (let level = last - 1; level >= 0; level--) {
    const below = level + 1 === last ? outOf('encoder', last) : outOf('decoder', level + 1)
    const up = `decoder.${level}.up.filter`
    const raised = most(columnNorms(weights.get(up)!), to[level])
    take(up, [null, null, null, below, raised])
    const skipped = outOf('encoder', level).map((channel) => from[level] + channel)
    block('decoder', level, [...raised, ...skipped])
    const head = `head.${level}.filter`
    if (!weights.has(head) || (level > 0 && !student.config.deepSupervision)) continue
    const kept = outOf('decoder', level)
    const scale = magnitudes(weights.get(`decoder.${level}.${convolutions[level]}.scale`)!)
    take(head, [kept, null])
    enlarge(result.get(head)!, lostShare(weights.get(head)!, scale, kept))
    take(`head.${level}.bias`, [null])
  }
  return result
}

function requireRelated(teacher: Heir, student: Heir): void {
  const refuse = (why: string): never => {
    throw new GliadeskError(
      'BAD_INPUT',
      `The student cannot start from the teacher’s weights: ${why}.`,
      'Choose a recipe of the teacher’s form that is at most as wide, or let the student start afresh.',
    )
  }
  const [t, s] = [teacher.config, student.config]
  if (t.imported) refuse('it comes from another framework')
  if (t.kind !== s.kind || t.residual !== s.residual) refuse('it is another kind of network')
  if (t.kind !== 'unet') refuse('only a U-Net’s weights can be narrowed')
  if ((t.head ?? 'classes') !== (s.head ?? 'classes')) refuse('its head answers something else')
  if (t.channels.length !== s.channels.length) refuse('it has other resolution levels')
  if (t.convolutionsPerLevel !== s.convolutionsPerLevel)
    refuse('its levels have other convolutions')
  if (s.channels.some((count, level) => count > t.channels[level])) refuse('it is wider')
  if (t.residual && s.channels.join() !== t.channels.join())
    refuse('its residual paths are narrower')
  const unknown = student.sequences.find((sequence) => !teacher.sequences.includes(sequence))
  if (unknown) refuse(`it reads ${unknown}, which the teacher does not`)
}

/** Takes the given indices along each axis (null: all), row-major. */
function pick(
  { shape, values }: NamedArray,
  picks: readonly (readonly number[] | null)[],
): NamedArray {
  const indices = shape.map((extent, axis) => picks[axis] ?? [...Array(extent).keys()])
  const target = indices.map((list) => list.length)
  const result = new Float32Array(sizeOf(target))
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  let at = 0
  const walk = (axis: number, source: number): void => {
    if (axis === shape.length) {
      result[at++] = values[source]
      return
    }
    for (const index of indices[axis]) walk(axis + 1, source + index * strides[axis])
  }
  walk(0, 0)
  return { shape: target, values: result }
}

/** The matrix that leads each input channel to the output channel of the same index. */
function selection(input: readonly number[], output: readonly number[]): NamedArray {
  const values = input.flatMap((from) => output.map((to) => (from === to ? 1 : 0)))
  return { shape: [input.length, output.length], values: Float32Array.from(values) }
}

const magnitudes = ({ values }: NamedArray): number[] => Array.from(values, Math.abs)

/** Euclidean norm over everything but the last axis. */
function columnNorms({ shape, values }: NamedArray): number[] {
  const columns = shape[shape.length - 1]
  const squares = new Array<number>(columns).fill(0)
  values.forEach((value, i) => (squares[i % columns] += value * value))
  return squares.map(Math.sqrt)
}

/** Indices of the largest, in ascending order; of equals the first. */
function most(importance: readonly number[], count: number): number[] {
  const order = [...importance.keys()].sort((a, b) => importance[b] - importance[a] || a - b)
  return order.slice(0, count).sort((a, b) => a - b)
}

/** Σ importance · ‖row‖₁ over all channels, over the same of the kept ones; 1 where nothing is left to compare. */
function lostShare(
  head: NamedArray,
  importance: readonly number[],
  kept: readonly number[],
): number {
  const classes = head.shape[1]
  const mass = (channel: number): number =>
    importance[channel] *
    head.values
      .subarray(channel * classes, (channel + 1) * classes)
      .reduce((sum, value) => sum + Math.abs(value), 0)
  const sum = (channels: readonly number[]): number =>
    channels.reduce((total, channel) => total + mass(channel), 0)
  const left = sum(kept)
  return left > 0 ? sum([...importance.keys()]) / left : 1
}

function enlarge({ values }: NamedArray, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor
}
