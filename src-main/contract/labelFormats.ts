/** Files that a label version is written in, by the ending that chooses the format, and what they are called. */
export const LABEL_FILE_ENDINGS = ['.nii.gz', '.seg.nrrd', '.nrrd', '.mha', '.hdr'] as const
export type LabelFileEnding = (typeof LABEL_FILE_ENDINGS)[number]

export const LABEL_FILE_TITLES: Record<LabelFileEnding, string> = {
  '.nii.gz': 'NIfTI (.nii.gz)',
  '.seg.nrrd': '3D Slicer segmentation (.seg.nrrd)',
  '.nrrd': 'NRRD (.nrrd)',
  '.mha': 'MetaImage (.mha)',
  '.hdr': 'NIfTI pair (.hdr, .img)',
}
