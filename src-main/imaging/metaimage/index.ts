export { isMetaImage } from './parseMetaHeader.ts'
export { readMetaImage, type MetaImage } from './readMetaImage.ts'
export { writeMetaImage } from './writeMetaImage.ts'
