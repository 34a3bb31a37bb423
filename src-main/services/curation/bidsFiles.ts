import type { Sequence } from '../../contract/index.ts'
import { LABEL_CLASSES } from '../../imaging/labelmap/index.ts'
import type { ExportCase, ExportFile, ExportList } from './exportList.ts'

const SUFFIXES: Record<Sequence, string> = {
  flair: 'FLAIR',
  t1: 'T1w',
  t1ce: 'ce-gadolinium_T1w',
  t2: 'T2w',
}

/**
 * The files of a BIDS data set: images under `sub-…/anat`, labels with their table as a derivative. Subject labels may
 * hold letters and digits only, so a case's name loses the rest; `participants.tsv` keeps the full names.
 */
export function bidsFiles(name: string, cases: readonly ExportCase[]): ExportList {
  const taken = new Set<string>()
  const table = [
    'index\tname\tabbreviation',
    ...LABEL_CLASSES.map((one) => `${one.label}\t${one.title}\t${one.name}`),
  ]
  const rows: string[] = []
  const files = cases.flatMap((of, index): ExportFile[] => {
    const bare = of.fileName.replace(/[^A-Za-z0-9]/g, '') || 'case'
    const label = taken.has(bare.toLowerCase()) ? `${bare}x${index}` : bare
    taken.add(label.toLowerCase())
    rows.push(`sub-${label}\t${of.fileName}\t${of.split}`)
    const folder = `sub-${label}/anat`
    const images = of.sequences.map((image): ExportFile => {
      return { path: `${folder}/sub-${label}_${SUFFIXES[image]}.nii.gz`, image, of }
    })
    const stem = `derivatives/gliadesk/${folder}/sub-${label}_desc-tumour_dseg`
    return of.hasLabel
      ? [
          ...images,
          { path: `${stem}.nii.gz`, label: '.nii.gz', of },
          { path: `${stem}.tsv`, text: `${table.join('\n')}\n` },
        ]
      : images
  })
  const description = (type: 'raw' | 'derivative') => ({
    Name: name,
    BIDSVersion: '1.10.0',
    DatasetType: type,
    ...(type === 'derivative' && { GeneratedBy: [{ Name: 'Gliadesk' }] }),
  })
  const text = (path: string, value: unknown): ExportFile => ({
    path,
    text: `${JSON.stringify(value, null, 2)}\n`,
  })
  return {
    files: [
      ...files,
      text('dataset_description.json', description('raw')),
      text('derivatives/gliadesk/dataset_description.json', description('derivative')),
      {
        path: 'participants.tsv',
        text: `${['participant_id\tcase\tsplit', ...rows].join('\n')}\n`,
      },
    ],
    cases: cases.length,
    skipped: [],
  }
}
