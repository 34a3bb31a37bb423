import type {
  SplitStatus,
  DatasetExport,
  ExportFormat,
  LabelsImport,
  LabelsImportRequest,
  Measuring,
  QualityReport,
  Relocation,
} from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { measureCases } from './caseMeasures.ts'
import { exportDataset } from './exportDataset.ts'
import { importLabels } from './importLabels.ts'
import { inspectDataset } from './inspectDataset.ts'
import { relocateDataset } from './relocateDataset.ts'
import { lockSplit, redrawSplit, splitStatus } from './splitDataset.ts'

/** What is done with whole data sets once they are imported. */
export interface CurationService {
  /** @throws GliadeskError BAD_INPUT, NOT_FOUND, DISK_FULL, READ_ONLY */
  export(request: { datasetId: string; format: ExportFormat; path: string }): Promise<DatasetExport>
  /** Reads the voxels that the quality report wants; ends when its reader leaves. */
  measure(datasetId: string, signal?: AbortSignal): AsyncGenerator<Measuring, void, void>
  /** @throws GliadeskError NOT_FOUND */
  quality(datasetId: string): Promise<QualityReport>
  /** @throws GliadeskError NOT_FOUND, DISK_FULL, READ_ONLY */
  importLabels(request: LabelsImportRequest): Promise<LabelsImport>
  /** @throws GliadeskError NOT_FOUND, BAD_INPUT */
  relocate(datasetId: string, path: string): Promise<Relocation>
  /** @throws GliadeskError NOT_FOUND */
  splitStatus(datasetId: string): SplitStatus
  /** @throws GliadeskError NOT_FOUND */
  lockSplit(datasetId: string, locked: boolean): SplitStatus
  /** @throws GliadeskError NOT_FOUND, WRONG_STATE */
  redrawSplit(request: { datasetId: string; seed: number; evenIfTrained: boolean }): SplitStatus
}

export function createCurationService(services: {
  workspace: Workspace
  settings: SettingsService
  changes: ChangeFeed
}): CurationService {
  const { workspace, settings, changes } = services
  const audit = (
    action: string,
    datasetId: string,
    detail: Record<string, number | string>,
  ): void => {
    workspace.audit.append({
      actor: settings.get().readerName,
      action,
      subject: datasetId,
      detail,
    })
  }
  return {
    export: async (request) => {
      const result = await exportDataset(workspace, request)
      const { cases, files } = result
      audit('dataset.export', request.datasetId, { format: request.format, cases, files })
      return result
    },
    splitStatus: (datasetId) => splitStatus(workspace.database, datasetId),
    lockSplit: (datasetId, locked) => {
      const status = lockSplit(workspace.database, datasetId, locked)
      audit('dataset.split.lock', datasetId, { locked: locked ? 1 : 0 })
      return status
    },
    redrawSplit: (request) => {
      const status = redrawSplit(workspace.database, request)
      const { seed, trainings } = status
      audit('dataset.split.redraw', request.datasetId, { seed, trainings })
      changes.publish('datasets', request.datasetId)
      changes.publish('cases')
      return status
    },
    measure: (datasetId, signal) => measureCases(workspace, datasetId, signal),
    quality: (datasetId) => inspectDataset(workspace, datasetId),
    importLabels: async (request) => {
      const reader = settings.get().readerName
      const result = await importLabels(workspace, request, reader, (caseId) =>
        changes.publish('cases', caseId),
      )
      const { added, unmatched, refused } = result
      audit('dataset.labels.import', request.datasetId, {
        as: request.as,
        drawnBy: request.drawnBy,
        added: added.length,
        unused: unmatched.length + refused.length,
      })
      return result
    },
    relocate: async (datasetId, path) => {
      const result = await relocateDataset(workspace, datasetId, path)
      const { moved, unmoved, missing, changed } = result
      audit('dataset.relocate', datasetId, {
        moved,
        unmoved,
        missing: missing.length,
        changed: changed.length,
      })
      changes.publish('datasets', datasetId)
      changes.publish('cases')
      return result
    },
  }
}
