export { encodeScalars } from './encodeScalars.ts'
