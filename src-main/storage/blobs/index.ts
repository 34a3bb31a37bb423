export { openBlobStore, sha256Of, type BlobStore } from './blobStore.ts'
