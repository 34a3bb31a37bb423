import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** Jobs and the models that they make. */
export function jobRoutes(services: Services) {
  const { jobs, models, planning } = services
  return {
    jobs: {
      list: os.jobs.list.handler(() => jobs.list()),
      get: os.jobs.get.handler(({ input }) => jobs.get(input.jobId)),
      estimate: os.jobs.estimate.handler(({ input }) => jobs.estimate(input)),
      propose: os.jobs.propose.handler(({ input }) => planning.propose(input)),
      train: os.jobs.train.handler(({ input }) => jobs.train(input)),
      distil: os.jobs.distil.handler(({ input }) => jobs.distil(input)),
      finetune: os.jobs.finetune.handler(({ input }) => jobs.finetune(input)),
      predict: os.jobs.predict.handler(async ({ input }) => {
        await jobs.requireDevice(input.device)
        return jobs.predict(input)
      }),
      evaluate: os.jobs.evaluate.handler(async ({ input }) => {
        await jobs.requireDevice(input.device)
        return jobs.evaluate(input)
      }),
      pause: os.jobs.pause.handler(({ input }) => jobs.pause(input.jobId)),
      resume: os.jobs.resume.handler(({ input }) => jobs.resume(input.jobId)),
      cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.jobId)),
      watch: os.jobs.watch.handler(({ input, signal }) => jobs.watch(input.jobId, signal)),
      events: os.jobs.events.handler(({ input, signal }) => jobs.events(input.jobId, signal)),
    },
    models: {
      list: os.models.list.handler(() => models.list()),
      get: os.models.get.handler(({ input }) => models.get(input.modelId)),
      recipes: os.models.recipes.handler(() => [...models.recipes()]),
      ensemble: os.models.ensemble.handler(({ input }) => models.ensemble(input)),
      promote: os.models.promote.handler(({ input }) => models.promote(input.modelId)),
      rollBack: os.models.rollBack.handler(({ input }) => models.rollBack(input.modelId)),
      compare: os.models.compare.handler(({ input }) =>
        models.compare(input.championId, input.challengerId),
      ),
    },
  }
}
