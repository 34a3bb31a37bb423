import { SEQUENCE_TITLES } from '../../contract/index.ts'
import type { ExperimentProtocol } from '../protocol/index.ts'
import { interval, percent, points, pValue, signedPoints, table } from './format.ts'
import { describeProtocol } from './describeProtocol.ts'
import type { ExperimentSummary, StudentSummary } from './summariseExperiment.ts'

/** The report as Markdown; equal results give equal bytes. */
export function renderReport(protocol: ExperimentProtocol, summary: ExperimentSummary): string {
  const sections = [
    `# ${protocol.title}`,
    '<!-- Written by "gliadesk experiment" from the results beside it. Edits are lost. -->',
    statusOf(protocol, summary),
    protocol.question,
    ...summary.students.flatMap((student) => studentSections(protocol, student)),
    '## Failed runs',
    failuresOf(summary),
    '## Protocol',
    describeProtocol(protocol),
    ...(protocol.tuning === '' ? [] : ['## How free choices were made', protocol.tuning]),
    '## How to read this',
    READING,
    '## To repeat or to go on',
    [
      '```',
      `gliadesk experiment models/experiments/${protocol.name}.json --out docs/experiments`,
      '```',
      `Units that have a result are not run again. Results: [data/${protocol.name}.jsonl](data/${protocol.name}.jsonl), one line a unit. ` +
        `Sources: ${summary.commits.length === 0 ? 'none yet' : summary.commits.join(', ')}. ` +
        `The finished units took ${(summary.seconds / 3600).toFixed(1)} hours of one thread on a shared computer.`,
    ].join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

function statusOf(protocol: ExperimentProtocol, summary: ExperimentSummary): string {
  const { unitsDone, unitsTotal, completeSeeds } = summary
  const synthetic = 'Synthetic cases only: nothing here says how well a network does on patients.'
  if (unitsDone === unitsTotal) {
    return `**Complete**: ${unitsTotal} units, ${completeSeeds.length} seeds. ${synthetic}`
  }
  return `**Partial**: ${unitsDone} of ${unitsTotal} units have a result, ${completeSeeds.length} of ${protocol.seeds.length} seeds are complete${completeSeeds.length > 0 ? ` (${completeSeeds.join(', ')})` : ''}. What follows is what is there so far and no finding of the registered experiment. ${synthetic}`
}

function studentSections(protocol: ExperimentProtocol, summary: StudentSummary): string[] {
  const name = SEQUENCE_TITLES[summary.student]
  const image = (kind: string, alt: string): string =>
    `![${alt}](${protocol.name}/${kind}-${summary.student}.svg)`
  const armRows = summary.arms.map((arm) => [
    arm.title,
    points(arm.meanDice),
    points(arm.regions.WT),
    points(arm.regions.TC),
    points(arm.regions.ET),
    arm.againstBase ? signedPoints(arm.againstBase.difference) : '',
    arm.againstBase ? interval(arm.againstBase.interval) : '',
    percent(arm.ofCeiling),
    percent(arm.ofTeacher),
    String(arm.bySeed.length),
  ])
  const titles = new Map(summary.arms.map(({ arm, title }) => [arm, title]))
  const contrastRows = summary.contrasts.map(({ arm, against, comparison, adjustedP, verdict }) => [
    `${titles.get(arm) ?? arm} against ${titles.get(against) ?? against}`,
    signedPoints(comparison.difference),
    interval(comparison.interval),
    `${comparison.bySeed.filter((value) => value > 0).length} of ${comparison.seeds.length}`,
    pValue(comparison.p),
    pValue(adjustedP),
    verdict,
  ])
  const seeds = protocol.seeds.filter((seed) =>
    summary.arms.some(({ bySeed }) => bySeed.some((one) => one.seed === seed)),
  )
  const seedRows = summary.arms.map(({ title, bySeed }) => [
    title,
    ...seeds.map((seed) => points(bySeed.find((one) => one.seed === seed)?.dice ?? null)),
  ])
  return [
    `## Student: ${name}`,
    table(
      [
        'arm',
        'mean Dice',
        'WT',
        'TC',
        'ET',
        'against none',
        '95 % interval',
        'of the gap to the ceiling',
        'to the teacher',
        'seeds',
      ],
      armRows,
    ),
    image('differences', `Differences to no distillation, ${name} student`),
    '### Registered contrasts',
    contrastRows.length === 0
      ? 'None.'
      : table(
          ['contrast', 'difference', '95 % interval', 'seeds above 0', 'p', 'p, Holm', 'verdict'],
          contrastRows,
        ),
    '### Every seed',
    table(['arm', ...seeds.map((seed) => `seed ${seed}`)], seedRows),
    image('seeds', `Mean Dice of every seed, ${name} student`),
    image('regions', `Dice by region, ${name} student`),
  ]
}

function failuresOf({ failures }: ExperimentSummary): string {
  if (failures.length === 0) return 'None.'
  return table(
    ['seed', 'student', 'arm', 'what happened'],
    failures.map(({ seed, student, arm, error }) => [
      String(seed),
      student === null ? '' : SEQUENCE_TITLES[student],
      arm,
      error.replaceAll('\n', ' ').slice(0, 200),
    ]),
  )
}

const READING = `Dice in points (0–100). The primary metric is the mean over WT, TC and ET of a case, over those regions that the reference has; then over the test cases of a seed; then over seeds. Differences are paired: same seed, same cases. Intervals: hierarchical bootstrap, seeds first, then cases within a seed. p: exact sign-flip test over seeds, two-sided; "Holm" adjusts over the registered contrasts of one student. The words are *better*, *no difference shown* and *worse* at the adjusted p; *too few seeds* where not even unanimous seeds could reach it. Differences to none outside of the registered contrasts are shown and not tested. In the figure of differences a grey dot is a seed, and a bar is green or orange where its interval leaves out 0, which is no test.`
