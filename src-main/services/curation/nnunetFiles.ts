import { SEQUENCE_TITLES } from '../../contract/index.ts'
import { commonSequences, type ExportCase, type ExportFile, type ExportList } from './exportList.ts'

/**
 * The files of an nnU-Net 2 raw data set: `imagesTr`, `labelsTr`, `dataset.json`, the test cases as `imagesTs` and
 * `labelsTs`, and the data set's own split as `splits_final.json` (one fold), to be put into nnU-Net's preprocessed
 * folder, so that the same patients are held out. Cases without a label or without a common sequence take no part.
 */
export function nnunetFiles(name: string, cases: readonly ExportCase[]): ExportList {
  const channels = commonSequences(cases)
  const skipped: string[] = []
  const taken = cases.filter((one) => {
    const lacks = channels.filter((sequence) => !one.sequences.includes(sequence))
    if (!one.hasLabel && one.split !== 'test') skipped.push(`${one.fileName}: has no saved label`)
    else if (lacks.length > 0) {
      skipped.push(
        `${one.fileName}: lacks ${lacks.map((sequence) => SEQUENCE_TITLES[sequence]).join(', ')}`,
      )
    } else return channels.length > 0
    return false
  })
  const training = taken.filter(({ split }) => split !== 'test')
  const namesIn = (split: ExportCase['split']): string[] =>
    training.filter((one) => one.split === split).map(({ fileName }) => fileName)
  const files = taken.flatMap((of): ExportFile[] => {
    const part = of.split === 'test' ? 'Ts' : 'Tr'
    const images = channels.map((image, index): ExportFile => {
      const number = String(index).padStart(4, '0')
      return { path: `images${part}/${of.fileName}_${number}.nii.gz`, image, of }
    })
    const label: ExportFile = { path: `labels${part}/${of.fileName}.nii.gz`, label: '.nii.gz', of }
    return of.hasLabel ? [...images, label] : images
  })
  const description = {
    name,
    channel_names: Object.fromEntries(
      channels.map((sequence, index) => [index, SEQUENCE_TITLES[sequence]]),
    ),
    labels: { background: 0, 'necrotic core': 1, edema: 2, 'enhancing tumour': 3 },
    numTraining: training.length,
    file_ending: '.nii.gz',
  }
  const splits = [{ train: [...namesIn('train'), ...namesIn('none')], val: namesIn('validation') }]
  return {
    files: [
      ...files,
      { path: 'dataset.json', text: `${JSON.stringify(description, null, 2)}\n` },
      { path: 'splits_final.json', text: `${JSON.stringify(splits, null, 2)}\n` },
    ],
    cases: taken.length,
    skipped,
  }
}
