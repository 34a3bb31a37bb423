import type {
  ExportFormat,
  FindingKind,
  Severity,
  Split,
} from '../../../../src-main/contract/index.ts'
import { plural } from './common.ts'

const files = (count: number): string => plural(count, 'file', 'files')

export const datasets = {
  page: 'Data sets',
  choose: 'Data set',
  empty: 'No data set yet',
  emptyDetail:
    'Import a folder of cases in the worklist; its quality and its split are shown here.',
  toWorklist: 'Go to the worklist',
  unit: (cases: number) => plural(cases, 'case', 'cases'),
  measuring: (done: number, total: number, name: string) =>
    `Reading voxels: ${done} of ${total} cases${name === '' ? '' : ` · ${name}`}`,
  unmeasured: (count: number) =>
    `The voxels of ${plural(count, 'case', 'cases')} could not be read, so they are not judged.`,
  severities: { error: 'Errors', warning: 'Warnings', note: 'Notes' } satisfies Record<
    Severity,
    string
  >,
  findings: {
    title: 'Findings',
    all: 'All',
    filter: 'Severity',
    none: 'Nothing to note',
    noneDetail: 'No check found anything wrong with this data set.',
    open: (name: string) => `Open ${name}`,
    more: (count: number) => `Show ${count} more`,
    kinds: {
      'missing-sequence': 'Sequence missing',
      'no-label': 'No label',
      'empty-label': 'Empty label',
      'duplicate-image': 'The same image twice',
      'shared-patient': 'Patient in two parts',
      'missing-file': 'File not found',
      'changed-file': 'File changed',
      'intensity-outlier': 'Intensity out of line',
      'flat-image': 'Image without contrast',
      'flip-suspected': 'Left and right may be swapped',
      'orientation-differs': 'Another axis order',
      'label-outside': 'Label outside the brain',
      'label-values': 'Unusual label values',
    } satisfies Record<FindingKind, string>,
  },
  intensities: {
    title: 'Median intensity by sequence',
    hint: 'One mark a case; the line is the median of the data set. Diamond: level, spread or background is out of line.',
    typical: (value: string) => `typical ${value}`,
    of: (name: string, value: string, ratio: string) => `${name}: ${value} (× ${ratio})`,
    summary: (title: string, count: number, outliers: number) =>
      `${title}: ${plural(count, 'case', 'cases')}, ${outliers === 0 ? 'none' : outliers} out of line`,
    none: 'No voxels were read yet.',
    axis: '× typical',
    signed: 'Values around zero, as after normalisation: not compared here.',
  },
  volumes: {
    title: 'Whole tumour by part of the split',
    hint: 'One mark a case, in ml on a logarithmic axis; the line is the median.',
    of: (name: string, ml: string) => `${name}: ${ml} ml`,
    summary: (part: string, count: number, median: string) =>
      `${part}: ${plural(count, 'label', 'labels')}, median ${median} ml`,
    none: 'No case has a label with tumour.',
    axis: 'ml',
  },
  matrix: {
    title: 'Cases and sequences',
    hint: 'Filled: there. Hollow: missing. Red: file gone or changed.',
    label: 'Label',
    summary: (title: string, there: number, all: number) => `${title}: ${there} of ${all}`,
    cell: (name: string, title: string, state: string) => `${name}, ${title}: ${state}`,
    states: { there: 'there', missing: 'missing', broken: 'file gone or changed' },
  },
  split: {
    title: 'Split',
    detail:
      'Patients, never cases, are drawn into parts. A trained figure is honest only on its test part.',
    seed: 'Seed',
    state: 'State',
    locked: (date: string) => `Locked since ${date}`,
    open: 'Open',
    trainings: 'Used by',
    trainingCount: (count: number) =>
      count === 0 ? 'no training yet' : plural(count, 'training', 'trainings'),
    lock: 'Lock',
    unlock: 'Unlock…',
    redraw: 'Draw anew…',
    unlockTitle: 'Unlock the split?',
    unlockDetail:
      'Draws are possible again. Figures measured on this split can then no longer be compared with later ones.',
    redrawTitle: 'Draw the split anew?',
    redrawDetail:
      'Every patient is drawn again, so that the parts are alike in tumour size and, where known, in grade and site.',
    redrawTrained: (count: number) =>
      `${plural(count, 'training has', 'trainings have')} used this split: cases held out by the new one may be ones that a model has seen.`,
    redrawAnyway: 'Draw it anew anyway',
    redrawConfirm: 'Draw anew',
    redrawn: 'The split was drawn anew',
    parts: (counts: Readonly<Record<Split, number>>) =>
      `${counts.train} training, ${counts.validation} validation, ${counts.test} test`,
  },
  relocation: {
    find: 'Find folder…',
    title: 'Choose the folder that the data set was moved to',
    gone: (count: number) =>
      `${files(count)} of this data set ${count === 1 ? 'is' : 'are'} no longer there.`,
    goneDetail: 'If the folder moved or its disk has another letter, say where it is now.',
    done: (moved: number) => `${files(moved)} found again`,
    rest: (missing: number, changed: number) =>
      `${missing} not found, ${changed} with another content.`,
    complete: 'Nothing is missing.',
  },
  export: {
    open: 'Export…',
    title: 'Export the data set',
    description: 'Fills an empty folder. The images and labels of this workspace stay as they are.',
    format: 'Format',
    formats: {
      nnunet: {
        label: 'nnU-Net',
        detail: 'Raw data set with dataset.json; the split as splits_final.json.',
      },
      bids: { label: 'BIDS', detail: 'Images as raw data, labels as a derivative.' },
      nifti: { label: 'NIfTI labels', detail: 'The newest label of every case, .nii.gz.' },
      'seg.nrrd': {
        label: '3D Slicer labels',
        detail: '.seg.nrrd with named, coded and coloured segments.',
      },
      nrrd: { label: 'NRRD labels', detail: 'Plain label values, .nrrd.' },
      metaimage: { label: 'MetaImage labels', detail: 'Plain label values for ITK, .mha.' },
    } satisfies Record<ExportFormat, { label: string; detail: string }>,
    choose: 'Choose the folder…',
    chooseTitle: 'Choose an empty folder for the export',
    done: (cases: number, count: number) =>
      `${plural(cases, 'case', 'cases')} in ${files(count)} written`,
    skipped: (count: number) => `${plural(count, 'case takes', 'cases take')} no part`,
  },
}
