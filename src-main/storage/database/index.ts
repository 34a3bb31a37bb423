export { openDatabase, type Database, type SqlParameters, type SqlValue } from './database.ts'
