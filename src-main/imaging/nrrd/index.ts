export { isNrrd } from './parseNrrdHeader.ts'
export { readNrrd, type NrrdImage } from './readNrrd.ts'
export { readSegments, type NrrdSegment } from './segments.ts'
export { writeDetachedNrrd, writeNrrd } from './writeNrrd.ts'
