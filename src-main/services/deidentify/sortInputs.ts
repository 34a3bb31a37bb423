import type { SourceFile } from '../datasets/index.ts'

/** What is done with a file, by its name alone; whether it is DICOM shows when it is read. */
export type InputKind =
  | { readonly kind: 'nifti'; readonly image: SourceFile | null }
  | { readonly kind: 'sidecar' | 'perhaps-dicom' | 'pair-image' }

/** Path without the ending of an image or sidecar. */
export function stemOf(relativePath: string): string {
  return relativePath.replace(/\.(nii|hdr|img|json)(\.gz)?$/i, '')
}

/**
 * Says what each file is, and which .img belongs to which .hdr. JSON files beside an image of the same name are sidecars;
 * others (a data set's description, an export of a report) are none.
 */
export function sortInputs(files: readonly SourceFile[]): Map<SourceFile, InputKind | null> {
  const byPath = new Map(files.map((file) => [file.relativePath.toLowerCase(), file]))
  const stems = new Set(
    files
      .filter(({ relativePath }) => /\.(nii|hdr)(\.gz)?$/i.test(relativePath))
      .map(({ relativePath }) => stemOf(relativePath)),
  )
  const imageOf = (relativePath: string): SourceFile | null => {
    const stem = stemOf(relativePath).toLowerCase()
    return byPath.get(`${stem}.img`) ?? byPath.get(`${stem}.img.gz`) ?? null
  }
  return new Map(
    files.map((file): [SourceFile, InputKind | null] => {
      const { relativePath } = file
      if (/\.nii(\.gz)?$/i.test(relativePath)) return [file, { kind: 'nifti', image: null }]
      if (/\.hdr(\.gz)?$/i.test(relativePath)) {
        return [file, { kind: 'nifti', image: imageOf(relativePath) }]
      }
      if (/\.img(\.gz)?$/i.test(relativePath) && stems.has(stemOf(relativePath))) {
        return [file, { kind: 'pair-image' }]
      }
      if (/\.json$/i.test(relativePath)) {
        return [file, stems.has(stemOf(relativePath)) ? { kind: 'sidecar' } : null]
      }
      return [file, { kind: 'perhaps-dicom' }]
    }),
  )
}
