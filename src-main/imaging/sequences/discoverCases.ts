import type { Sequence } from '../../contract/anatomy.ts'
import type { LabelLookup } from '../formats/index.ts'
import { readBidsName } from './bidsName.ts'
import { readBratsName } from './bratsName.ts'
import { imageStem } from './imageName.ts'
import type { ImageRole, NamedImage, UnnamedImage } from './imageName.ts'

/** A case as far as file names tell. */
export interface DiscoveredCase {
  readonly name: string
  readonly images: Partial<Record<Sequence, string>>
  readonly label: string | null
  /** Which volume of its file a sequence is, where one file holds several. */
  readonly frames?: Partial<Record<Sequence, number>>
  /** What the values of the label mean, where the data set has a table of its own. */
  readonly lookup?: LabelLookup
  /** How each file was recognised, in words. */
  readonly reasons: Partial<Record<ImageRole, string>>
}

/** An image file that takes no part, and why. */
export interface UnrecognisedFile {
  readonly path: string
  readonly reason: string
}

export interface Discovery {
  /** The layout most files follow; null where no case was found. */
  readonly layout: 'brats' | 'bids' | 'decathlon' | 'nnunet' | null
  /** In natural order of their names. */
  readonly cases: readonly DiscoveredCase[]
  readonly unrecognised: readonly UnrecognisedFile[]
}

const naturalOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' }).compare

/**
 * Says what one file is by its name, following BIDS where it starts with `sub-`, else BraTS.
 *
 * @returns role, case and reason, or only the reason why it cannot be told
 */
export function readImageName(path: string): NamedImage | UnnamedImage {
  return (
    readBidsName(path) ??
    readBratsName(path) ?? {
      reason:
        'the name tells no sequence: neither a BraTS ending such as "_flair" nor a BIDS suffix',
    }
  )
}

/**
 * Groups the image files of a folder into cases by their names alone; nothing is read. Other files are passed over
 * without a word. A case needs at least one image; a label without images is reported as unrecognised.
 *
 * @param filePaths every file under the folder, in any order
 * @param tables what values mean, by the path of the segmentation that a table belongs to
 */
export function discoverCases(
  filePaths: readonly string[],
  tables: ReadonlyMap<string, LabelLookup> = new Map(),
): Discovery {
  const unrecognised: UnrecognisedFile[] = []
  const byCase = new Map<string, Map<ImageRole, { path: string; image: NamedImage }>>()
  const layoutCounts = { brats: 0, bids: 0 }

  for (const path of [...filePaths].sort(naturalOrder)) {
    if (imageStem(path) === null) continue
    const image = readImageName(path)
    if (!('role' in image)) {
      unrecognised.push({ path, reason: image.reason })
      continue
    }
    layoutCounts[image.layout]++
    const roles = byCase.get(image.caseName) ?? new Map()
    byCase.set(image.caseName, roles)
    const rival = roles.get(image.role)
    if (rival && rival.image.rank <= image.rank) {
      unrecognised.push({ path, reason: alreadyHas(image, rival.path) })
      continue
    }
    if (rival) unrecognised.push({ path: rival.path, reason: alreadyHas(image, path) })
    roles.set(image.role, { path, image })
  }

  const cases: DiscoveredCase[] = []
  for (const [name, roles] of byCase) {
    const found = toCase(name, roles, tables)
    if (Object.keys(found.images).length > 0) cases.push(found)
    else if (found.label !== null) {
      unrecognised.push({ path: found.label, reason: `no image of the case "${name}" was found` })
    }
  }
  cases.sort((left, right) => naturalOrder(left.name, right.name))
  unrecognised.sort((left, right) => naturalOrder(left.path, right.path))
  const layout =
    cases.length === 0 ? null : layoutCounts.bids > layoutCounts.brats ? 'bids' : 'brats'
  return { layout, cases, unrecognised }
}

function alreadyHas(image: NamedImage, chosenPath: string): string {
  return `the case "${image.caseName}" takes its ${image.role} from ${chosenPath}`
}

function toCase(
  name: string,
  roles: ReadonlyMap<ImageRole, { path: string; image: NamedImage }>,
  tables: ReadonlyMap<string, LabelLookup>,
): DiscoveredCase {
  const images: Partial<Record<Sequence, string>> = {}
  const reasons: Partial<Record<ImageRole, string>> = {}
  let label: string | null = null
  for (const [role, { path, image }] of roles) {
    reasons[role] = image.reason
    if (role === 'label') label = path
    else images[role] = path
  }
  const lookup = label === null ? undefined : tables.get(label)
  return { name, images, label, reasons, ...(lookup && { lookup }) }
}
