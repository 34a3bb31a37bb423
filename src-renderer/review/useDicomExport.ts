import { DICOM_FORMATS, DICOM_FORMAT_TITLES } from '../../src-main/contract/dicomObjects.ts'
import type { DicomFormat, LabelVersion } from '../../src-main/contract/index.ts'
import { text, useAction, useWorkbench } from '../app/index.ts'
import type { MenuEntry } from '../ui/index.ts'

/** Menu entries that write a label version as DICOM, on the slices of the images it was drawn on. */
export function useDicomExport(
  detail: () => { readonly id: string; readonly name: string },
): (version: LabelVersion) => MenuEntry[] {
  const { paths, toasts } = useWorkbench()
  const words = text.review.versions
  const write = useAction((api, versionId: string, format: DicomFormat, path: string) =>
    api.dicom.exportVersion({ caseId: detail().id, versionId, format, path }),
  )
  const run = async (version: LabelVersion, format: DicomFormat): Promise<void> => {
    const ending = format.replace(/^dicom-/, '')
    const name = `${detail().name}_v${version.number}_${ending}.dcm`
    const path = await paths.chooseSavePath(words.exportTitle, name)
    if (path === null) return
    const written = await write.run(version.id, format, path)
    if (!written) return
    const reveal = paths.revealFile
    toasts.show({
      tone: 'success',
      title: words.exported,
      detail: written.paths.join('\n'),
      action: reveal ? { label: words.reveal, run: () => void reveal(written.paths[0]) } : null,
    })
  }
  return (version) =>
    DICOM_FORMATS.map((format) => ({
      label: DICOM_FORMAT_TITLES[format],
      select: () => void run(version, format),
    }))
}
