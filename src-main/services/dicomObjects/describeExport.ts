import type { DicomExport, LabelVersion } from '../../contract/index.ts'
import {
  readPatientStudy,
  type DerivedObject,
  type SegmentAlgorithm,
} from '../../imaging/dicom/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { findLabelCase, findVersion } from '../labels/index.ts'
import { notFound } from '../notFound.ts'
import { exportPlanes, type ExportPlanes } from './exportPlanes.ts'
import { withSourceFile } from './openSourceFile.ts'
import { segmentAlgorithm } from './segmentAlgorithm.ts'
import { uidsOf } from './uidsOf.ts'

/** Everything that the objects of one version have in common. */
export interface ExportDescription extends ExportPlanes {
  readonly caseName: string
  readonly version: LabelVersion
  readonly algorithm: SegmentAlgorithm
  /** The object of a kind; its UIDs follow from the kind and from all that goes into it. */
  derived(kind: string, seriesNumber: number, title: string): DerivedObject
}

/**
 * Gathers what goes into the DICOM objects of a version: planes, patient and study, author and time of the version. An
 * export can be repeated byte for byte.
 *
 * @throws GliadeskError NOT_FOUND, BAD_FILE, WRONG_STATE
 */
export async function describeExport(
  workspace: Workspace,
  request: Pick<DicomExport, 'caseId' | 'versionId' | 'sequence'>,
  softwareVersion: string,
): Promise<ExportDescription> {
  const { database, objects } = workspace
  const { caseId, versionId, sequence } = request
  const labelCase = findLabelCase(workspace, caseId)
  const version = findVersion(database, caseId, versionId)
  const stored = await objects.read(version.objectSha256)
  const drawn = await readLabelmap(stored, `version ${version.number}`, labelCase.convention)
  const found = exportPlanes(workspace, caseId, drawn, sequence)
  const { source, planes } = found
  const caseUids = uidsOf(`case ${caseId}`)
  const patientStudy = source
    ? await withSourceFile(rootOf(workspace, caseId), source, readPatientStudy)
    : {
        PatientName: labelCase.name,
        PatientID: labelCase.name,
        StudyInstanceUID: caseUids('study'),
      }
  const algorithm = segmentAlgorithm(workspace, version)
  const seed = JSON.stringify({
    ...{ versionId, object: version.objectSha256, series: planes.series, patientStudy },
    ...{ algorithm, softwareVersion },
  })
  return {
    ...found,
    caseName: labelCase.name,
    version,
    algorithm,
    derived: (kind, seriesNumber, title) => ({
      patientStudy,
      frameOfReferenceUid: source?.frameOfReferenceUid ?? caseUids('frame of reference'),
      seriesNumber,
      seriesDescription: `${title}, version ${version.number}`,
      author: version.author,
      instant: version.createdAt,
      softwareVersion,
      uid: uidsOf(`${seed}\n${kind}`),
    }),
  }
}

function rootOf({ database }: Workspace, caseId: string): string {
  const row = database.get<{ root_path: string }>(
    'SELECT root_path FROM datasets WHERE id = (SELECT dataset_id FROM cases WHERE id = :caseId)',
    { caseId },
  )
  if (!row) throw notFound('case', caseId)
  return row.root_path
}
