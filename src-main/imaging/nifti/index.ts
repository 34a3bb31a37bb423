export { badFile } from './badFile.ts'
export type { NiftiHeader } from './niftiHeader.ts'
export { readNifti, readNiftiHeader } from './readNifti.ts'
export { writeNifti } from './writeNifti.ts'
