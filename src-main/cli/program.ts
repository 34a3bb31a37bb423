import { Command } from 'commander'
import type { CommandRunner } from './commandRunner.ts'
import { registerDeidentify } from './commands/deidentify.ts'
import { registerCrossValidate } from './commands/crossvalidate.ts'
import { registerDistil } from './commands/distil.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerEnsemble } from './commands/ensemble.ts'
import { registerEvaluate } from './commands/evaluate.ts'
import { registerExperiment } from './commands/experiment.ts'
import { registerExport } from './commands/export.ts'
import { registerExportModel } from './commands/exportModel.ts'
import { registerExportDicom } from './commands/exportDicom.ts'
import { registerFinetune } from './commands/finetune.ts'
import { registerFitPostprocessing } from './commands/fitPostprocessing.ts'
import { registerImport } from './commands/import.ts'
import { registerImportModel } from './commands/importModel.ts'
import { registerImportSegmentation } from './commands/importSegmentation.ts'
import { registerImportLabels } from './commands/importLabels.ts'
import { registerList } from './commands/list.ts'
import { registerMeasure } from './commands/measure.ts'
import { registerPrepare } from './commands/prepare.ts'
import { registerPlan } from './commands/plan.ts'
import { registerPredict } from './commands/predict.ts'
import { registerProvenance } from './commands/provenance.ts'
import { registerQuality } from './commands/quality.ts'
import { registerRank } from './commands/rank.ts'
import { registerRelocate } from './commands/relocate.ts'
import { registerResume } from './commands/resume.ts'
import { registerScalars } from './commands/scalars.ts'
import { registerServe } from './commands/serve.ts'
import { registerSplit } from './commands/split.ts'
import { registerSynthesize } from './commands/synthesize.ts'
import { registerTrain } from './commands/train.ts'

/**
 * The command line as data: every command with its options, run by `runner`.
 *
 * @param defaults what an option is when nobody says
 */
export function createProgram(
  runner: CommandRunner,
  defaults: { readonly version: string; readonly workspacePath: string },
): Command {
  const program = new Command('gliadesk')
    .description(
      'Segment gliomas in brain MRI, learn from corrections, distil four sequences into one.\nResearch use only: not a medical device.',
    )
    .version(defaults.version)
    .option('--workspace <folder>', 'the workspace', defaults.workspacePath)
    .option('--json', 'print one JSON document for programs', false)
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part.\nA running job is paused with Ctrl+C and continued with "gliadesk resume".',
    )
  for (const register of [
    registerImport,
    registerSynthesize,
    registerImportLabels,
    registerQuality,
    registerSplit,
    registerRank,
    registerRelocate,
    registerProvenance,
    registerExport,
    registerExportModel,
    registerImportModel,
    registerExportDicom,
    registerImportSegmentation,
    registerMeasure,
    registerDeidentify,
    registerPrepare,
    registerPlan,
    registerTrain,
    registerCrossValidate,
    registerDistil,
    registerFinetune,
    registerPredict,
    registerEnsemble,
    registerEvaluate,
    registerFitPostprocessing,
    registerExperiment,
    registerResume,
    registerList,
    registerScalars,
    registerServe,
    registerDoctor,
  ]) {
    register(program, runner)
  }
  return program
}
