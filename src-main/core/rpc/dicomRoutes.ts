import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** Labels as DICOM objects, out and in, and what is measured of them. */
export function dicomRoutes({ dicomObjects }: Services) {
  return {
    dicom: {
      exportVersion: os.dicom.exportVersion.handler(({ input }) =>
        dicomObjects.exportVersion(input),
      ),
      measure: os.dicom.measure.handler(({ input }) =>
        dicomObjects.measure(input.caseId, input.versionId),
      ),
      inspectSegmentation: os.dicom.inspectSegmentation.handler(({ input }) =>
        dicomObjects.inspect(input.path),
      ),
      importSegmentation: os.dicom.importSegmentation.handler(({ input }) =>
        dicomObjects.importSegmentation(
          input.caseId,
          input.cursor,
          input.path,
          input.mapping ?? {},
        ),
      ),
    },
  }
}
