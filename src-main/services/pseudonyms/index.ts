export { keyedCode, openPseudonymKey, type KeyedHash } from './pseudonymKey.ts'
