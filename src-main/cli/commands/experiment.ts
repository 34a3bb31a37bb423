import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError, type Command } from 'commander'
import { GliadeskError } from '../../contract/index.ts'
import {
  readProtocol,
  readResults,
  runExperiment,
  writeReport,
  type ExperimentProtocol,
} from '../../experiments/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { wholeNumber } from '../options.ts'
import { createProgressLine } from '../terminal/progressLine.ts'
import { EXIT } from '../terminal/report.ts'

interface ExperimentCommandOptions {
  readonly out: string
  readonly jobs: number
  readonly seeds?: readonly number[]
  readonly reportOnly: boolean
}

export function registerExperiment(program: Command, runner: CommandRunner): void {
  program
    .command('experiment')
    .description(
      'run a registered comparison of training strategies on synthetic cases and report it (docs/experiments.md)',
    )
    .argument('<protocol>', 'a protocol, e.g. models/experiments/smoke.json')
    .requiredOption('--out <folder>', 'results and report; an interrupted run goes on there')
    .option(
      '--jobs <count>',
      'networks trained at a time, one thread each',
      wholeNumber(1, 256),
      availableParallelism(),
    )
    .option('--seeds <list>', 'only these of the protocol’s seeds, e.g. 1-3,7', seedList)
    .option('--report-only', 'run nothing, write the report of what is there', false)
    .action(async (path: string, options: ExperimentCommandOptions, command: Command) => {
      await runner.withReport(command, async (report) => {
        const protocol = await readProtocol(resolve(path))
        const resultsPath = join(resolve(options.out), 'data', `${protocol.name}.jsonl`)
        const { failed } = options.reportOnly
          ? { failed: 0 }
          : await runUnits(chosenSeeds(protocol, options.seeds), resultsPath, options.jobs)
        const written = await writeReport(protocol, readResults(resultsPath), resolve(options.out))
        report.result(
          written,
          ({ unitsDone, unitsTotal, reportPath }) =>
            `${unitsDone} of ${unitsTotal} units have a result${failed > 0 ? `, ${failed} failed in this run` : ''}. Report: ${reportPath}`,
        )
        return failed > 0 ? EXIT.partial : EXIT.success
      })
    })
}

async function runUnits(
  protocol: ExperimentProtocol,
  resultsPath: string,
  jobs: number,
): Promise<{ failed: number }> {
  const progress = createProgressLine(process.stderr)
  const interrupt = new AbortController()
  const stop = (): void => interrupt.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    return await runExperiment({
      protocol,
      resultsPath,
      jobs,
      commit: sourceCommit(),
      secondsNow: () => performance.now() / 1000,
      onProgress: (now) => progress.update(now),
      signal: interrupt.signal,
    })
  } finally {
    progress.stop()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** "1-3,7" → 1, 2, 3, 7. */
export function seedList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
    const first = Number(match?.[1])
    const last = Number(match?.[2] ?? match?.[1])
    if (!match || last < first || last - first > 1000) {
      throw new InvalidArgumentError('It must look like 1-3,7.')
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

function chosenSeeds(
  protocol: ExperimentProtocol,
  wanted: readonly number[] | undefined,
): ExperimentProtocol {
  if (!wanted) return protocol
  const foreign = wanted.filter((seed) => !protocol.seeds.includes(seed))
  if (foreign.length > 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      `The protocol ${protocol.name} has no seed ${foreign.join(', ')}.`,
      `Choose among ${protocol.seeds.join(', ')}.`,
    )
  }
  return { ...protocol, seeds: protocol.seeds.filter((seed) => wanted.includes(seed)) }
}

/** The commit the program runs from, marked where files differ from it; null outside of version control. */
function sourceCommit(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: dirname(fileURLToPath(import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '.', '../../engine') !== ''
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+changes' : ''}`
  } catch {
    return null
  }
}
