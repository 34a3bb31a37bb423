export { explainGzip } from './explainGzip.ts'
export { gunzip, gunzipStart, gzip, GzipError, isGzip, MAX_DEFLATE_RATIO } from './gzip.ts'
