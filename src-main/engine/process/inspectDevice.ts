import { openBackend } from '../backends/index.ts'
import { backendChoiceSchema } from '../../contract/index.ts'

// Entry of a short-lived process: loading TensorFlow takes hundreds of megabytes that only its end gives back.
const choice = backendChoiceSchema.parse(process.argv[2])
process.stdout.write(JSON.stringify(await openBackend(choice)))
process.exit(0)
