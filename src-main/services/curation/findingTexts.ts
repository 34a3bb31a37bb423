import type { FindingKind, Severity } from '../../contract/index.ts'

/** How much each finding weighs, and what to do about it. */
export const FINDING_TEXTS: Readonly<Record<FindingKind, { severity: Severity; remedy: string }>> =
  {
    'missing-sequence': {
      severity: 'warning',
      remedy: 'Import the sequence, or train a network that reads any subset of sequences.',
    },
    'no-label': {
      severity: 'note',
      remedy: 'Label the case, or leave it to be predicted. It takes no part in training.',
    },
    'empty-label': {
      severity: 'warning',
      remedy: 'Open the case: keep it as a case without tumour, or save a label.',
    },
    'duplicate-image': {
      severity: 'warning',
      remedy: 'Keep one of the two, or make sure that both stand in the same part of the split.',
    },
    'shared-patient': {
      severity: 'error',
      remedy: 'Do not train on one data set and test on the other.',
    },
    'missing-file': {
      severity: 'error',
      remedy: 'If the folder moved, say where it is now (Find folder…, or gliadesk relocate).',
    },
    'changed-file': {
      severity: 'error',
      remedy: 'Put the original file back, or import the folder again.',
    },
    'intensity-outlier': {
      severity: 'warning',
      remedy: 'Open the case: look for another contrast, a failed correction or a wrong sequence.',
    },
    'flat-image': {
      severity: 'error',
      remedy: 'Export the sequence again from its source and import the folder again.',
    },
    'flip-suspected': {
      severity: 'error',
      remedy: 'Compare the sequences side by side; correct the header or the file at its source.',
    },
    'orientation-differs': {
      severity: 'note',
      remedy: 'Nothing, if the sides are right: every axis order is read. Check one landmark.',
    },
    'label-outside': {
      severity: 'error',
      remedy: 'Open the case: the label may be mirrored, shifted or of another patient.',
    },
    'label-values': {
      severity: 'warning',
      remedy: 'Check which value means what, and whether the class was left out on purpose.',
    },
  }
