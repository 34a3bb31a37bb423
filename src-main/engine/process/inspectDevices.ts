import { z } from 'zod'
import { backendNameSchema } from '../../contract/index.ts'
import { inspectBackends } from '../backends/index.ts'

// Entry of a short-lived process: prints what each backend is on this machine, measured where asked.
//     inspectDevices.ts '{"selfTest":true,"only":["tensorflow"]}'
const options = z
  .object({ selfTest: z.boolean(), only: z.array(backendNameSchema).optional() })
  .parse(JSON.parse(process.argv[2] ?? '{"selfTest":false}'))
process.stdout.write(JSON.stringify(await inspectBackends(options)))
process.exit(0)
