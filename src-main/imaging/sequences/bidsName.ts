import type { Sequence } from '../../contract/anatomy.ts'
import type { NamedImage, UnnamedImage } from './imageName.ts'
import { imageStem, pathParts } from './imageName.ts'

const LABEL_SUFFIXES = ['dseg', 'mask', 'roi']
/** Values of `label-` and `desc-` that name a mask of something else than the tumour. */
const NOT_TUMOUR = /^(?:brain|brainmask|gm|wm|csf|head|skull|aseg|aparc.*|defac.*)$/i
const TUMOUR = /tumou?r|lesion|glioma|seg/i

/**
 * Reads a BIDS name: `sub-X[_ses-Y][_…]_<suffix>.nii.gz`. T1w with a `ce-` entity is T1ce. Segmentations
 * (`_dseg`, `_mask`) count as the label unless they name something else, such as the brain; `_dseg` goes before
 * `_mask`. Images under `derivatives/` are set aside, because the case is read from its original files.
 *
 * @returns null where the file name does not start with `sub-`
 */
export function readBidsName(path: string): NamedImage | UnnamedImage | null {
  const stem = imageStem(path)
  if (stem === null || !/^sub-[a-z0-9]+_/i.test(stem)) return null
  const parts = stem.split('_')
  const suffix = parts.at(-1) ?? ''
  const entities = new Map(
    parts.slice(0, -1).map((part): [string, string] => {
      const dash = part.indexOf('-')
      return dash < 0 ? [part, ''] : [part.slice(0, dash), part.slice(dash + 1)]
    }),
  )
  const session = entities.get('ses')
  const caseName = `sub-${entities.get('sub')}` + (session === undefined ? '' : `_ses-${session}`)
  const isDerivative = pathParts(path).includes('derivatives')

  if (LABEL_SUFFIXES.includes(suffix)) return readLabelName(caseName, suffix, entities)

  const found = sequenceOf(suffix, entities.get('ce'))
  if (!found) {
    return { reason: `the BIDS suffix "${suffix}" is none of FLAIR, T1w, T2w, dseg and mask` }
  }
  if (isDerivative) return { reason: 'a derived image; the original one is used' }
  const run = Number.parseInt(entities.get('run') ?? '1', 10)
  return {
    layout: 'bids',
    caseName,
    role: found.sequence,
    reason: found.reason,
    // Fewer entities first: the plain image goes before its rec-, acq- and space- variants.
    rank: 100 * entities.size + (Number.isFinite(run) ? run : 99),
  }
}

function sequenceOf(
  suffix: string,
  contrast: string | undefined,
): { sequence: Sequence; reason: string } | null {
  if (suffix === 'FLAIR') return { sequence: 'flair', reason: 'BIDS suffix FLAIR' }
  if (suffix === 'T2w') return { sequence: 't2', reason: 'BIDS suffix T2w' }
  if (suffix !== 'T1w') return null
  return contrast === undefined
    ? { sequence: 't1', reason: 'BIDS suffix T1w without a contrast agent (ce-)' }
    : { sequence: 't1ce', reason: `BIDS suffix T1w with contrast agent "ce-${contrast}"` }
}

function readLabelName(
  caseName: string,
  suffix: string,
  entities: ReadonlyMap<string, string>,
): NamedImage | UnnamedImage {
  const words = [entities.get('label'), entities.get('desc')].filter((word) => word !== undefined)
  const other = words.find((word) => NOT_TUMOUR.test(word))
  if (other !== undefined) return { reason: `a mask of "${other}", not of the tumour` }
  const namesTumour = words.some((word) => TUMOUR.test(word))
  return {
    layout: 'bids',
    caseName,
    role: 'label',
    reason: `BIDS segmentation (suffix ${suffix})`,
    rank: 10 * LABEL_SUFFIXES.indexOf(suffix) + (namesTumour ? 0 : 1),
  }
}
