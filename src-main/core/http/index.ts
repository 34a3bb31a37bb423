export { startHttpHost, type HttpHost, type HttpRoutes, type HttpTarget } from './httpHost.ts'
