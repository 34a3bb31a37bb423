import type { ExportedFiles, Model, ModelExport, ModelImport } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { findModel } from '../models/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { exportModel } from './exportModel.ts'
import { importModel } from './importModel.ts'

/** Models out to other programs, and in from them. */
export interface InterchangeService {
  exportModel(request: ModelExport): Promise<ExportedFiles>
  importModel(request: ModelImport): Promise<Model>
}

/** @param version of Gliadesk, written into exported files */
export function createInterchangeService(
  services: {
    readonly workspace: Workspace
    readonly settings: SettingsService
    readonly changes: ChangeFeed
  },
  version: string,
): InterchangeService {
  const { workspace, settings, changes } = services
  return {
    exportModel: async (request) => {
      const exported = await exportModel(workspace, request, version)
      workspace.audit.append({
        actor: settings.get().readerName,
        action: 'model.export',
        subject: request.modelId,
        detail: { format: request.format, path: exported.path },
      })
      return exported
    },
    importModel: async (request) => {
      const modelId = await importModel(workspace, request)
      const model = findModel(workspace.database, modelId)
      workspace.audit.append({
        actor: settings.get().readerName,
        action: 'model.import',
        subject: modelId,
        detail: { path: request.path, weightsSha256: model.weightsSha256 },
      })
      changes.publish('models', modelId)
      return model
    },
  }
}
