export { createChangeFeed, type ChangeFeed } from './changeFeed.ts'
