export { browseFolder, type FolderListing } from './browseFolder.ts'
