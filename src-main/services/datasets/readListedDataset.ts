import { readdir, readFile, stat } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import { z } from 'zod'
import type { ImportProblem, Sequence } from '../../contract/index.ts'
import type { LabelLookup } from '../../imaging/formats/index.ts'
import { labelsOfName } from '../../imaging/labelmap/index.ts'
import type { DiscoveredCase, Discovery } from '../../imaging/sequences/index.ts'

/** A list of some ten thousand cases is below this; a longer file is no list of cases. */
const MAX_LIST_BYTES = 64 * 2 ** 20

const fileSchema = z.object({ image: z.string().max(4096), label: z.string().max(4096) })
const labelValueSchema = z.union([z.int(), z.array(z.int()).min(1), z.string().regex(/^\d+$/)])
const listSchema = z.looseObject({
  /** Decathlon and nnU-Net 1 name the sequences so, nnU-Net 2 calls them channels. */
  modality: z.record(z.string(), z.string()).optional(),
  channel_names: z.record(z.string(), z.string()).optional(),
  /** Decathlon: name by value. nnU-Net 2: value, or the values of a region, by name. */
  labels: z.record(z.string(), z.union([z.string(), labelValueSchema])),
  training: z.array(fileSchema).optional(),
  test: z
    .array(z.union([z.string().max(4096), z.object({ image: z.string().max(4096) })]))
    .optional(),
  file_ending: z.string().max(16).optional(),
})
type List = z.infer<typeof listSchema>

/** Which sequence a channel's name means; "T1gd" before "T1". */
const SEQUENCE_NAMES: readonly (readonly [RegExp, Sequence])[] = [
  [/flair|t2f/i, 'flair'],
  [/t1[-_ ]?(gd|ce|c\b|post|contrast)|t1c/i, 't1ce'],
  [/t1/i, 't1'],
  [/t2/i, 't2'],
]

/**
 * The cases that a `dataset.json` of the Medical Segmentation Decathlon or of nnU-Net lists. Only files inside the
 * folder are named: a path that leads out of it is told and left out.
 *
 * @returns null where the folder has no such file, so that names have to tell
 */
export async function readListedDataset(
  root: string,
  onProblem: (problem: ImportProblem) => void,
): Promise<Discovery | null> {
  const path = join(root, 'dataset.json')
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  )
  if (size === null || size > MAX_LIST_BYTES) return null
  let list: List
  try {
    list = listSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
  const channels = channelsOf(list)
  if (channels.size === 0) return null
  const lookup = lookupOf(list)
  const leadsOut = (file: string): void =>
    onProblem({
      path,
      field: 'training',
      message: `${path} names ${JSON.stringify(file.slice(0, 80))}, which lies outside the folder, so it was left out.`,
      remedy: 'Put the file into the folder of the data set and correct the list.',
    })
  const nnunet = await nnunetCases(root, list, channels, lookup)
  if (nnunet.length > 0) return { layout: 'nnunet', cases: nnunet, unrecognised: [] }
  const cases = decathlonCases(root, list, channels, lookup, leadsOut)
  return cases.length > 0 ? { layout: 'decathlon', cases, unrecognised: [] } : null
}

/**
 * Which value means what in a folder of segmentations, by the `dataset.json` that nnU-Net puts beside its predictions.
 *
 * @returns undefined where there is none, or where it names no class that is known
 */
export async function readLabelLookup(folder: string): Promise<LabelLookup | undefined> {
  const path = join(folder, 'dataset.json')
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  )
  if (size === null || size > MAX_LIST_BYTES) return undefined
  try {
    return lookupOf(listSchema.parse(JSON.parse(await readFile(path, 'utf8'))))
  } catch {
    return undefined
  }
}

function channelsOf(list: List): Map<number, Sequence> {
  const names = Object.entries(list.channel_names ?? list.modality ?? {})
  const channels = new Map<number, Sequence>()
  for (const [index, name] of names) {
    const sequence = SEQUENCE_NAMES.find(([pattern]) => pattern.test(name))?.[1]
    if (sequence && /^\d+$/.test(index)) channels.set(Number(index), sequence)
  }
  return channels
}

/** Undefined where a name tells no class: the values are then read by the conventions. */
function lookupOf(list: List): LabelLookup | undefined {
  const lookup = new Map<number, readonly number[]>()
  const add = (value: number, name: string): boolean => {
    if (value === 0) return true
    const labels = labelsOfName(name)
    const known = lookup.get(value)
    // Of several regions that a value belongs to, the most specific says what it is.
    if (labels && (!known || labels.length < known.length)) lookup.set(value, labels)
    return labels !== null
  }
  for (const [key, value] of Object.entries(list.labels)) {
    const pairs: [number, string][] = /^\d+$/.test(key)
      ? [[Number(key), String(value)]]
      : [value].flat().map((one): [number, string] => [Number(one), key])
    if (!pairs.every(([number, name]) => add(number, name))) return undefined
  }
  return lookup.size > 0 ? lookup : undefined
}

async function nnunetCases(
  root: string,
  list: List,
  channels: ReadonlyMap<number, Sequence>,
  lookup: LabelLookup | undefined,
): Promise<DiscoveredCase[]> {
  const ending = list.file_ending ?? '.nii.gz'
  const cases: DiscoveredCase[] = []
  for (const [images, labels] of [
    ['imagesTr', 'labelsTr'],
    ['imagesTs', 'labelsTs'],
  ]) {
    const names = await readdir(join(root, images)).catch(() => [])
    const labelled = new Set(await readdir(join(root, labels)).catch(() => []))
    const found = new Map<string, Partial<Record<Sequence, string>>>()
    for (const name of names) {
      const match = name.endsWith(ending)
        ? /^(.+)_(\d{4})$/.exec(name.slice(0, -ending.length))
        : null
      const sequence = match ? channels.get(Number(match[2])) : undefined
      if (!match || !sequence) continue
      found.set(match[1], { ...found.get(match[1]), [sequence]: join(root, images, name) })
    }
    for (const [name, files] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const label = labelled.has(name + ending) ? join(root, labels, name + ending) : null
      cases.push({ name, images: files, label, lookup, reasons: {} })
    }
  }
  return cases
}

function decathlonCases(
  root: string,
  list: List,
  channels: ReadonlyMap<number, Sequence>,
  lookup: LabelLookup | undefined,
  leadsOut: (file: string) => void,
): DiscoveredCase[] {
  const inside = (file: string): string | null => {
    const path = normalize(join(root, file))
    if (path.startsWith(normalize(root) + sep) && !file.includes('\0')) return path
    leadsOut(file)
    return null
  }
  const test = (list.test ?? []).map((entry) => ({
    image: typeof entry === 'string' ? entry : entry.image,
    label: null,
  }))
  return [...(list.training ?? []), ...test].flatMap(({ image, label }): DiscoveredCase[] => {
    const path = inside(image)
    const labelPath = label === null ? null : inside(label)
    if (path === null) return []
    const name = (image.split(/[\\/]/).at(-1) ?? image).replace(/\.nii(\.gz)?$/i, '')
    const entries = [...channels].map(([frame, sequence]) => ({ frame, sequence }))
    const isSeveral = channels.size > 1
    return [
      {
        name,
        images: Object.fromEntries(entries.map(({ sequence }) => [sequence, path])),
        frames: isSeveral
          ? Object.fromEntries(entries.map(({ frame, sequence }) => [sequence, frame]))
          : undefined,
        label: labelPath,
        lookup,
        reasons: {},
      },
    ]
  })
}
