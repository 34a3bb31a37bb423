export { explainGzip } from './explainGzip.ts'
export { gunzip, gunzipStart, gzip, isGzip, MAX_DEFLATE_RATIO } from './gzip.ts'
