const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`

export const deidentify = {
  open: 'De-identify…',
  title: 'Copies without the patient',
  description:
    'Writes copies of the DICOM and NIfTI files of a folder, and a report of what was taken out. What is read is never changed. This helps with de-identification; nobody can promise that nothing is left.',
  folder: 'Folder or zip archive to read',
  choose: 'Choose…',
  chooseTitle: 'Choose the folder to de-identify',
  output: 'Empty or new folder for the copies',
  outputTitle: 'Choose an empty folder for the copies',
  dates: 'Dates',
  dateChoices: { remove: 'Remove', shift: 'Shift', keep: 'Keep' },
  datesHint: 'Shifting moves all dates of a patient by the same secret number of days.',
  options: 'Beside the basic profile (PS3.15 Annex E)',
  flags: {
    retainPatientCharacteristics: 'Keep sex, age, size and weight',
    cleanDescriptors: 'Keep the technical words of descriptions',
    cleanStructuredContent: 'Keep codes and numbers of structured reports',
    retainDeviceIdentity: 'Keep serial numbers and stations',
    deface: 'NIfTI: remove what lies away from the brain, the face among it',
  },
  trial: 'Trial run',
  start: 'Write copies',
  stop: 'Stop',
  reading: (done: number, total: number) => `${done} of ${total} files`,
  looking: 'Looking for files…',
  copied: (count: number, trial: boolean) =>
    trial
      ? `${counted(count, 'file', 'files')} can be copied; nothing was written.`
      : `${counted(count, 'file', 'files')} copied.`,
  leftOut: (count: number) => `${counted(count, 'file was', 'files were')} left out.`,
  stopped: 'Stopped before the end; the copies made so far stay.',
  changes: (count: number) => `What became of ${counted(count, 'kind', 'kinds')} of element`,
  warnings: 'Look at these before you pass anything on',
  warning: (files: number, text: string) => `${counted(files, 'file', 'files')}: ${text}`,
  actions: {
    removed: 'removed',
    emptied: 'emptied',
    replaced: 'replaced',
    cleaned: 'cleaned',
    kept: 'kept',
  },
  again: 'Again',
  done: 'Done',
}
