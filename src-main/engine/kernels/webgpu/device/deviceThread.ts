/** Entry of the thread that owns the WebGPU device. It only carries out commands; tensors live with the caller. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DeviceAnswer, DeviceCommand, DeviceRequest } from './deviceCommands.ts'
import { DeviceExecutor } from './deviceExecutor.ts'
import { openAdapter } from './openAdapter.ts'

const port = parentPort!
try {
  const { device, adapter } = await openAdapter(workerData as DeviceRequest)
  const executor = new DeviceExecutor(device)
  port.on('message', (commands: readonly DeviceCommand[]) => executor.run(commands))
  port.postMessage({ state: 'ready', adapter } satisfies DeviceAnswer)
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  port.postMessage({ state: 'missing', reason } satisfies DeviceAnswer)
}
