import { LABELS } from '../../contract/anatomy.ts'

/** A concept of a coding scheme: designator, value, meaning. */
export interface Code {
  readonly scheme: string
  readonly value: string
  readonly meaning: string
}

/** What a label value means to other programs. */
export interface LabelClass {
  /** Canonical value inside the program. */
  readonly label: number
  readonly name: 'NCR' | 'ED' | 'ET'
  readonly title: string
  /** The standard colours of this program's viewer, 0–255. */
  readonly colour: readonly [number, number, number]
  readonly category: Code
  readonly type: Code
}

const MORPHOLOGIC: Code = {
  scheme: 'SCT',
  value: '49755003',
  meaning: 'Morphologically Altered Structure',
}

/** The three tumour labels with the codes of DICOM context groups 7168 and 7169 (brain lesions). */
export const LABEL_CLASSES: readonly LabelClass[] = [
  {
    label: LABELS.necrosis,
    name: 'NCR',
    title: 'Necrotic core',
    colour: [0xe5, 0x48, 0x4d],
    category: MORPHOLOGIC,
    type: { scheme: 'SCT', value: '6574001', meaning: 'Necrosis' },
  },
  {
    label: LABELS.edema,
    name: 'ED',
    title: 'Edema',
    colour: [0x3f, 0xb9, 0x50],
    category: MORPHOLOGIC,
    type: { scheme: 'SCT', value: '79654002', meaning: 'Edema' },
  },
  {
    label: LABELS.enhancing,
    name: 'ET',
    title: 'Enhancing tumour',
    colour: [0xf2, 0xcc, 0x3d],
    category: MORPHOLOGIC,
    type: { scheme: 'NCIt', value: 'C113842', meaning: 'Enhancing Lesion' },
  },
]
