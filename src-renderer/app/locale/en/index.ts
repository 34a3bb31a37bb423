import { common } from './common.ts'
import { datasets } from './datasets.ts'
import { deidentify } from './deidentify.ts'
import { models } from './models.ts'
import { preparation } from './preparation.ts'
import { problems } from './problems.ts'
import { review } from './review.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { training } from './training.ts'
import { worklist } from './worklist.ts'

/** English. One file a feature, one object for all. */
export const en = {
  common,
  datasets,
  deidentify,
  models,
  preparation,
  problems,
  review,
  settings,
  shell,
  training,
  worklist,
}
