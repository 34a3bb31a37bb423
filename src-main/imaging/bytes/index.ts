export { joinBytes } from './joinBytes.ts'
