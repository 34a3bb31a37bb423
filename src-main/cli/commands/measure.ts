import type { Command } from 'commander'
import type { Measurement } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { caseVersion } from '../caseVersion.ts'
import { wholeNumber } from '../options.ts'
import { fixed, table } from '../terminal/table.ts'

export function registerMeasure(program: Command, runner: CommandRunner): void {
  program
    .command('measure')
    .description(
      'measure a label version: volumes, and both diameters of every enhancing lesion (docs/dicom.md)',
    )
    .argument('<case>', 'name or id of the case')
    .option('--label <number>', 'which label version; the newest if not given', wholeNumber(1, 1e6))
    .action(async (wanted: string, options: { label?: number }, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { client, report } = context
        const { found, version } = await caseVersion(context, wanted, options.label)
        const measured = await client.dicom.measure({ caseId: found.id, versionId: version.id })
        report.result({ case: found.name, ...measured }, describe)
      })
    })
}

function describe(measured: Measurement & { readonly case: string }): string {
  const { volumesMl: ml, lesions, sumOfProductsMm2, tiltDegrees } = measured
  const volumes = table(
    ['WT ml', 'TC ml', 'ET ml', 'NCR ml', 'ED ml'],
    [[ml.WT, ml.TC, ml.ET, ml.necrosis, ml.edema].map((value) => fixed(value, 2))],
  )
  const head = `${measured.case}, label version ${measured.versionNumber}`
  if (lesions.length === 0) return `${head}\n${volumes}\nNothing enhances.`
  const diameters = table(
    ['lesion', 'slice', 'longest mm', 'perpendicular mm', 'product mm²', 'ml', 'measurable'],
    lesions.map((lesion) => [
      String(lesion.number),
      String(lesion.slice + 1),
      fixed(lesion.longest.lengthMm, 1),
      fixed(lesion.perpendicular.lengthMm, 1),
      fixed(lesion.productMm2, 0),
      fixed(lesion.volumeMl, 2),
      lesion.measurable ? 'yes' : 'no',
    ]),
  )
  const tilt = tiltDegrees >= 1 ? ` Slices are tilted by ${fixed(tiltDegrees, 0)}°.` : ''
  return `${head}\n${volumes}\n${diameters}\nSum of products (five largest measurable lesions): ${fixed(sumOfProductsMm2, 0)} mm².${tilt}`
}
