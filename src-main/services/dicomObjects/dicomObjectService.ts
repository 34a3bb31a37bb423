import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type {
  DicomExport,
  EditResult,
  FoundSegment,
  Measurement,
  SegmentMappingInput,
} from '../../contract/index.ts'
import { meaningOfSegment } from '../../imaging/dicom/index.ts'
import { asStorageError, writeFileAtomically, type Workspace } from '../../storage/index.ts'
import { exportPath, type LabelService } from '../labels/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { describeExport } from './describeExport.ts'
import { labelsForCase } from './labelsForCase.ts'
import { measureVersion } from './measureVersion.ts'
import { readSegmentationFile } from './readSegmentationFile.ts'
import { WRITERS } from './writeObjects.ts'

export interface DicomObjectService {
  /**
   * Writes a label version as DICOM objects, on the slices of the source images.
   *
   * @returns the files written, the one that was asked for first
   */
  exportVersion(request: DicomExport): Promise<{ paths: string[] }>
  /** Volumes and bidirectional diameters of a version, on the grid it was drawn on. */
  measure(caseId: string, versionId: string): Promise<Measurement>
  /** What a DICOM segmentation holds, and what each segment is taken for. */
  inspect(path: string): Promise<{ segments: FoundSegment[] }>
  /** Makes a DICOM segmentation the working labels of a case, as one undo step. */
  importSegmentation(
    caseId: string,
    cursor: number,
    path: string,
    mapping: SegmentMappingInput,
  ): Promise<EditResult>
}

export function createDicomObjectService(services: {
  workspace: Workspace
  labels: LabelService
  settings: SettingsService
  version: string
}): DicomObjectService {
  const { workspace, labels, settings, version: softwareVersion } = services
  const { audit, files } = workspace
  return {
    exportVersion: async (request) => {
      const described = await describeExport(workspace, request, softwareVersion)
      const { caseName, version } = described
      const written = WRITERS[request.format](described)
      const stem = `${caseName}_v${version.number}_`
      const target = await exportPath(
        workspace,
        request.path,
        `${stem}${written[0].suffix}.dcm`,
        '.dcm',
      )
      const paths = written.map(({ suffix }, index) =>
        index === 0 ? target : `${target.slice(0, -'.dcm'.length)}_${suffix}.dcm`,
      )
      try {
        for (const [index, { bytes }] of written.entries()) {
          await writeFileAtomically(files, paths[index], bytes, randomUUID())
        }
      } catch (error) {
        throw asStorageError(error, 'exporting the labels', target)
      }
      audit.append({
        actor: settings.get().readerName,
        action: 'label.version.export',
        subject: version.id,
        detail: {
          caseId: request.caseId,
          objectSha256: version.objectSha256,
          format: request.format,
        },
      })
      return { paths }
    },
    measure: (caseId, versionId) => measureVersion(workspace, caseId, versionId),
    inspect: async (path) => {
      const { segments } = await readSegmentationFile(path)
      return {
        segments: segments.map((segment) => {
          const meaning = meaningOfSegment(segment)
          return {
            number: segment.number,
            label: segment.label,
            meaning: segment.type?.meaning ?? null,
            algorithmType: segment.algorithmType,
            labels: meaning && [...meaning],
          }
        }),
      }
    },
    importSegmentation: (caseId, cursor, path, mapping) => {
      const title = `Import ${basename(path)}`.slice(0, 120)
      const chosen = new Map(
        Object.entries(mapping).map(([number, meant]) => [Number(number), meant]),
      )
      return labels.transform(caseId, cursor, title, async (_, { grid }) =>
        labelsForCase(workspace, caseId, grid, await readSegmentationFile(path), chosen),
      )
    },
  }
}
