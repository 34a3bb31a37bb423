import { LABEL_NAMES, LABELS, type LabelConvention } from '../../src-main/contract/index.ts'
import { ENHANCING_ON_DISK } from '../../src-main/imaging/labelmap/index.ts'

/** A class as the legend shows it. */
export interface EditableClass {
  /** Canonical value in memory, 1 to 3. */
  label: number
  name: string
  /** The value in the case's own files. */
  diskValue: number
  /** CSS variable that holds its colour. */
  colourVariable: string
}

/** The classes of a case, in the order of keys 1 to 3. */
export function editableClasses(convention: LabelConvention): readonly EditableClass[] {
  return [
    {
      label: LABELS.necrosis,
      name: LABEL_NAMES[LABELS.necrosis],
      diskValue: LABELS.necrosis,
      colourVariable: '--class-ncr',
    },
    {
      label: LABELS.edema,
      name: LABEL_NAMES[LABELS.edema],
      diskValue: LABELS.edema,
      colourVariable: '--class-ed',
    },
    {
      label: LABELS.enhancing,
      name: LABEL_NAMES[LABELS.enhancing],
      diskValue: ENHANCING_ON_DISK[convention],
      colourVariable: '--class-et',
    },
  ]
}
