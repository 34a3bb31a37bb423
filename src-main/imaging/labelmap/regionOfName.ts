import { LABELS, REGION_LABELS } from '../../contract/anatomy.ts'

/**
 * Names that segments of gliomas carry in other programs, each with the labels that its voxels may have. The order
 * matters: "non-enhancing" must not be taken for "enhancing", nor "tumour core" for "whole tumour".
 */
const NAMES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/non[- _]?enhanc|\bnet\b|\bncr\b|necro|6574001/i, [LABELS.necrosis]],
  [/(o?edema|\bed\b|peri[- _]?tumou?r|79654002)/i, [LABELS.edema]],
  [/enhanc|\bet\b|\baet\b|c113842/i, [LABELS.enhancing]],
  [/tumou?r[- _]?core|\btc\b/i, REGION_LABELS.TC],
  [/whole[- _]?tumou?r|\bwt\b|\bgtv\b/i, REGION_LABELS.WT],
]

/**
 * Which canonical labels a segment of this name can consist of: one for a class, several for a region such as the
 * tumour core. Null where the name tells nothing.
 */
export function labelsOfName(name: string): readonly number[] | null {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/**
 * Paints overlapping regions and classes into one labelmap: from the largest meaning to the most specific, so that
 * whole tumour, core and enhancing tumour leave edema, necrotic core and enhancing tumour.
 *
 * @param parts which labels each part can have, and where it lies (non-zero voxels)
 */
export function composeRegions(
  length: number,
  parts: readonly { readonly labels: readonly number[]; readonly mask: ArrayLike<number> }[],
): Uint8Array {
  const labels = new Uint8Array(length)
  const largestFirst = [...parts].sort((a, b) => b.labels.length - a.labels.length)
  for (const { labels: meanings, mask } of largestFirst) {
    // Of the whole tumour only edema is left over, of the core only necrosis.
    const value = meanings.length === 3 ? LABELS.edema : meanings[0]
    for (let i = 0; i < length; i++) if (mask[i] !== 0) labels[i] = value
  }
  return labels
}
