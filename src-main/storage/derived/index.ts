export { openDerivedCache, type Derived, type DerivedCache } from './derivedCache.ts'
