export * from './box.ts'
export * from './distanceTransform.ts'
export * from './gaussianBlur.ts'
