/**
 * `npm run bench [-- engine dicom imaging inference viewer]`: the sections named, or all of them, one after the other, each in a
 * process of its own. Ratios are measured in the same run; a peer that is not on this computer is said to be absent.
 */
import { spawnSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { COHORT_VARIABLE, makeBenchCohort } from './benchCohort.ts'

const SECTIONS = {
  engine: 'engineStep.ts',
  dicom: 'dicom.ts',
  imaging: 'imaging.ts',
  inference: 'inference.ts',
  preparation: 'preparation.ts',
  viewer: 'viewer.ts',
} as const
type Section = keyof typeof SECTIONS

const isSection = (word: string): word is Section => word in SECTIONS
const asked = process.argv.slice(2)
const unknown = asked.filter((word) => !isSection(word))
if (unknown.length > 0) {
  console.error(
    `No such section: ${unknown.join(', ')}. There are ${Object.keys(SECTIONS).join(', ')}.`,
  )
  process.exit(2)
}
const chosen = asked.length > 0 ? asked.filter(isSection) : (Object.keys(SECTIONS) as Section[])

const processors = cpus()
console.log(
  `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}`,
)
// Whole-case sections share one case, made once.
const cohort = await makeBenchCohort()
let failed = false
try {
  for (const section of chosen) {
    console.log(`\n── ${section} ${'─'.repeat(72 - section.length)}`)
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, SECTIONS[section])], {
      stdio: 'inherit',
      env: { ...process.env, [COHORT_VARIABLE]: cohort.folder },
    })
    failed ||= status !== 0
  }
} finally {
  await cohort.remove()
}
process.exit(failed ? 1 : 0)
