import { modelImportSchema } from './importedNetwork.ts'
import { exportedFilesSchema, modelExportSchema } from './interchange.ts'
import { modelSchema } from './models.ts'
import { procedure } from './procedure.ts'

/** Models in the formats of other programs. */
export const interchangeProcedures = {
  exportModel: procedure.input(modelExportSchema).output(exportedFilesSchema),
  /** Keeps a network of another framework as a challenger; it is run once before. */
  importModel: procedure.input(modelImportSchema).output(modelSchema),
}
