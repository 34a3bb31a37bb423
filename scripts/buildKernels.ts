/**
 * `npm run build:kernels`: compiles the WebAssembly kernels, once with relaxed SIMD and once without, into
 * src-main/engine/kernels/wasm/build. The result is committed, so that starting the program needs no compiler; a test
 * says when it is out of date.
 */
import { compileKernels } from '../src-main/engine/kernels/wasm/testing/compileKernels.ts'

for (const file of await compileKernels(null)) console.log(file)
