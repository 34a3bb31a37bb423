export { openDerivedCache, type DerivedCache } from './derivedCache.ts'
