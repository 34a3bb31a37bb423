import { plural } from './common.ts'

export const worklist = {
  table: 'Cases',
  search: 'Search cases',
  import: 'Import cases',
  allDatasets: 'All data sets',
  allSplits: 'All splits',
  allStates: 'All',
  filterDataset: 'Data set',
  quality: 'Quality and split',
  filterSplit: 'Split',
  filterState: 'Review state',
  columns: {
    select: 'Select',
    priority: '#',
    name: 'Case',
    dataset: 'Data set',
    sequences: 'Sequences',
    state: 'State',
    uncertainty: 'Uncertainty',
    volume: 'WT, ml',
    split: 'Split',
    reason: 'Why here',
    updated: 'Changed',
  },
  columnHints: {
    priority: 'Order in which cases are worth reading',
    uncertainty: 'Mean entropy of the prediction over the tumour and its rim, 0 (sure) to 1',
    volume: 'Whole tumour in millilitres',
  },
  sequencePresent: (title: string) => `${title} present`,
  sequenceMissing: (title: string) => `${title} missing`,
  uncertaintyOf: (percent: number) => `Uncertainty ${percent} of 100`,
  selectCase: (name: string) => `Select ${name}`,
  selectAll: 'Select all shown cases',
  shown: (shown: number, all: number) =>
    shown === all ? plural(all, 'case', 'cases') : `${shown} of ${plural(all, 'case', 'cases')}`,
  toReview: (count: number) => `${count} to review`,
  selected: (count: number) => `${count} selected`,
  clearSelection: 'Clear',
  predict: (count: number) => `Predict ${plural(count, 'case', 'cases')}`,
  predictStarted: 'Prediction queued',
  fineTune: (count: number) => `Fine-tune on ${plural(count, 'corrected case', 'corrected cases')}`,
  showJob: 'Show the job',
  navigationHint: 'to move',
  openHint: 'to open',
  selectHint: 'to select',
  noMatch: 'No case matches the filters',
  noMatchDetail: 'Widen the search or clear the filters.',
  clearFilters: 'Clear filters',
  empty: 'No cases yet',
  emptyDetail:
    'Point Gliadesk at a folder of DICOM studies, or at cases named as BraTS or BIDS name them. You can drop the folder here. Images stay where they are and are never changed.',
  commandGroup: 'Worklist',
  commands: {
    down: 'Next row',
    up: 'Previous row',
    open: 'Open the case',
    select: 'Select the case',
    search: 'Search cases',
    import: 'Import cases',
    first: 'First row',
    last: 'Last row',
    pageDown: 'One page down',
    pageUp: 'One page up',
  },
  importDialog: {
    title: 'Import cases',
    description:
      'Finds every case in a folder: DICOM studies (also in a zip archive or on a disc with a DICOMDIR), BraTS and BIDS. Its files are only read.',
    folder: 'Folder',
    folderPlaceholder: 'Choose a folder, or type its path or that of a zip archive',
    choose: 'Choose…',
    chooseTitle: 'Choose the folder that holds the cases',
    name: 'Name of the data set',
    namePlaceholder: 'Taken from the folder if left empty',
    start: 'Import',
    reading: (done: number, total: number, unit: 'cases' | 'files' | 'slices') => {
      switch (unit) {
        case 'files':
          return `${done} of ${plural(total, 'file', 'files')} looked at`
        case 'slices':
          return `${done} of ${plural(total, 'slice', 'slices')} read`
        case 'cases':
          return `${done} of ${plural(total, 'case', 'cases')} read`
      }
    },
    byPatientId: 'Call DICOM cases by their Patient ID',
    byPatientIdHint:
      'Otherwise by a code that only this workspace can lead back to the patient. Names and birth dates are never kept.',
    drop: 'Drop a folder or a zip archive to import it',
    dropInBrowser:
      'A browser does not tell where a dropped folder lies. Choose it here, or type its path.',
    looking: 'Looking for cases',
    stop: 'Stop',
    again: 'Import another folder',
    done: 'Show the cases',
    imported: (count: number) => `${plural(count, 'case', 'cases')} imported`,
    skipped: (count: number) => `${count} skipped`,
    problems: (count: number) => plural(count, 'problem', 'problems'),
    problemList: 'Problems',
    notes: (count: number) => `${count} left out, as expected`,
    noteList: 'Left out, as expected',
    nothing: 'No case was found in this folder.',
    stopped: 'Stopped. Cases read so far were kept.',
  },
}
