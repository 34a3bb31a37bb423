import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { modelFormatSchema, type ModelFormat } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'

export function registerExportModel(program: Command, runner: CommandRunner): void {
  program
    .command('export-model')
    .description('write a model as ONNX, as a TensorFlow.js graph, or its weights as safetensors')
    .argument('<model>', 'id or name of a model')
    .argument('<path>', 'the file to write, or a folder to write it into')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(modelFormatSchema.options)
        .default('onnx'),
    )
    .action(
      async (wanted: string, path: string, options: { format: ModelFormat }, command: Command) => {
        await runner.withWorkspace(command, async ({ client, report }) => {
          const model = findByName('model', wanted, await client.models.list({}))
          const result = await client.interchange.exportModel({
            modelId: model.id,
            format: options.format,
            path: resolve(path),
          })
          report.result(
            result,
            (written) =>
              `${model.name} written to ${written.path} (${(written.bytes / 1e6).toFixed(2)} MB). Research use only.`,
          )
        })
      },
    )
}
