/**
 * `npm test`: everything that must hold on every change, cheapest first. Each step's output is shown when it
 * fails; the last line counts the tests.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrInstallBrowser } from './findBrowser.ts'

interface Step {
  readonly title: string
  readonly command: readonly string[]
  /** Shown while it runs, not only on failure. */
  readonly verbose?: boolean
  readonly environment?: Record<string, string>
}

const results = mkdtempSync(join(tmpdir(), 'gliadesk-test-'))
const unitReport = join(results, 'unit.json')
const endToEndReport = join(results, 'e2e.json')

const stages: readonly (readonly Step[])[] = [
  [
    { title: 'format', command: ['prettier', '--check', '.'] },
    { title: 'lint', command: ['eslint', '.'] },
    { title: 'types', command: ['tsc', '-p', '.'] },
    { title: 'types of the renderer', command: ['vue-tsc', '-p', 'src-renderer'] },
    {
      title: 'import directions',
      command: ['depcruise', '--config', '.dependency-cruiser.json', 'src-main', 'src-renderer'],
    },
    { title: 'dead code', command: ['knip'] },
  ],
  [
    {
      title: 'unit and integration tests',
      command: [
        'vitest',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ],
      verbose: true,
    },
  ],
  [{ title: 'builds', command: ['node', 'scripts/build.ts'] }],
  [{ title: 'layout of the installers', command: ['node', 'scripts/packCheck.ts'] }],
  [
    {
      title: 'end-to-end tests',
      command: ['playwright', 'test'],
      verbose: true,
      environment: { GLIADESK_E2E_REPORT: endToEndReport },
    },
  ],
]

const CONCURRENT = 2

async function run(step: Step): Promise<boolean> {
  const started = performance.now()
  const [name, ...rest] = step.command
  const executable = join(
    'node_modules',
    '.bin',
    process.platform === 'win32' ? `${name}.cmd` : name,
  )
  const output: Buffer[] = []
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(executable, rest, {
      stdio: step.verbose === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...step.environment },
      shell: process.platform === 'win32',
    })
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', (cause) => {
      output.push(Buffer.from(`${cause.message}\n`))
      resolve(1)
    })
    child.once('close', resolve)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (code !== 0) process.stdout.write(Buffer.concat(output))
  console.log(`${code === 0 ? '✔' : '✘'} ${step.title} (${seconds} s)`)
  return code === 0
}

/** Runs a stage's steps, at most two at a time; true when all succeed. */
async function runStage(steps: readonly Step[]): Promise<boolean> {
  const waiting = [...steps]
  let sound = true
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (!(await run(step))) sound = false
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
  return sound
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

function countTests(): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    const unit = JSON.parse(readFileSync(unitReport, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      numPendingTests: number
    }
    counts.passed += unit.numPassedTests
    counts.failed += unit.numFailedTests
    counts.skipped += unit.numPendingTests
    const endToEnd = JSON.parse(readFileSync(endToEndReport, 'utf8')) as {
      stats: { expected: number; unexpected: number; flaky: number; skipped: number }
    }
    counts.passed += endToEnd.stats.expected + endToEnd.stats.flaky
    counts.failed += endToEnd.stats.unexpected
    counts.skipped += endToEnd.stats.skipped
  } catch {
    // A stage that did not run has no report; what ran is counted all the same.
  }
  return counts
}

process.env['GLIADESK_BROWSER'] = findOrInstallBrowser()
let sound = true
for (const stage of stages) {
  sound = await runStage(stage)
  if (!sound) break
}
const counts = countTests()
rmSync(results, { recursive: true, force: true })
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = sound && counts.failed === 0 && counts.passed > 0 ? 0 : 1
