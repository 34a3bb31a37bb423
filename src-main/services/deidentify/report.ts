import type { DeidentificationReport, ElementChange } from '../../contract/index.ts'

/** Sums the changes of all files, in the order of tags, and counts how many files each warning is about. */
export function summarise(
  files: DeidentificationReport['files'],
): Pick<DeidentificationReport, 'totals' | 'warnings'> {
  const totals = new Map<string, ElementChange>()
  const warnings = new Map<string, number>()
  for (const file of files) {
    for (const change of file.changes) {
      const key = `${change.tag}|${change.action}`
      const before = totals.get(key)?.count ?? 0
      totals.set(key, { ...change, count: before + change.count })
    }
    for (const warning of file.warnings) warnings.set(warning, (warnings.get(warning) ?? 0) + 1)
  }
  return {
    totals: [...totals.values()].sort((left, right) => (left.tag < right.tag ? -1 : 1)),
    warnings: [...warnings].map(([warning, count]) => ({ warning, files: count })),
  }
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** The report for a person to read. Names elements, never values, and none of the files that were read. */
export function reportText(report: DeidentificationReport): string {
  const { options } = report
  const chosen = Object.entries(options).filter(([, value]) => value === true)
  const lines = [
    report.trial ? 'Trial run of de-identification: nothing was written' : 'De-identification',
    `${report.program} · ${report.profile}`,
    `Dates: ${{ remove: 'removed', shift: 'moved', keep: 'kept' }[options.dates]}. Options: ${chosen.map(([name]) => name).join(', ') || 'none'}.`,
    `${plural(report.files.length, 'file')} ${report.trial ? 'can be copied' : 'copied'}, ${report.leftOut.length} left out${report.stopped ? '; stopped before the end' : ''}.`,
    '',
    'These are features that help with de-identification. Nobody can promise that nothing identifying is left: look at',
    'the images and the warnings, and have the person responsible for data protection decide.',
    '',
    'Warnings',
    ...orNone(report.warnings.map(({ warning, files }) => `${plural(files, 'file')}: ${warning}`)),
    '',
    'What became of the elements',
    ...orNone(
      report.totals.map(({ tag, name, action, count }) => `${tag}  ${name}: ${action}, ${count} ×`),
    ),
    '',
    'Left out, by their number in the order of reading',
    ...orNone(report.leftOut.map(({ number, reason }) => `${number}: ${reason}`)),
    '',
    'File by file',
    ...report.files.flatMap((file) => [
      `${file.number}: ${file.output ?? file.kind}`,
      ...file.changes.map(({ tag, action, count }) => `    ${tag} ${action}, ${count} ×`),
      ...file.warnings.map((warning) => `    ! ${warning}`),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

const orNone = (lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? lines : ['none']
