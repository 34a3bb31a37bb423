import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import {
  caseDetailSchema,
  caseSummarySchema,
  datasetSchema,
  idSchema,
  importEventSchema,
  labelVersionSchema,
  proposalSchema,
  reviewStateSchema,
  splitSchema,
} from './cases.ts'
import {
  datasetExportSchema,
  exportFormatSchema,
  qualityReportSchema,
  relocationSchema,
  splitStatusSchema,
} from './curation.ts'
import { deviceInfoSchema, jobEventSchema, jobSchema } from './jobs.ts'
import {
  deltaBase64Schema,
  editResultSchema,
  labelSessionSchema,
  proposalScopeSchema,
} from './labels.ts'
import { comparisonSchema, evaluationSchema, modelSchema } from './models.ts'
import { sequenceSchema } from './anatomy.ts'
import { backendChoiceSchema } from './backend.ts'
import { deidentificationProcedures } from './deidentificationProcedures.ts'
import { dicomSeriesSchema } from './dicom.ts'
import { dicomProcedures } from './dicomProcedures.ts'
import { interchangeProcedures } from './interchangeProcedures.ts'
import { distilRequestSchema, finetuneRequestSchema, trainRequestSchema } from './jobRequests.ts'
import { labelOperationSchema, lockedSchema } from './labelOperation.ts'
import { rankedCaseSchema, rankRequestSchema } from './acquisition.ts'
import { recipeSchema } from './network.ts'
import { inferenceRequestSchema } from './plan.ts'
import { planRequestSchema, trainingProposalSchema } from './planning.ts'
import {
  deviceChoiceSchema,
  deviceReportSchema,
  estimateRequestSchema,
  memoryEstimateSchema,
} from './resources.ts'
import {
  preparationEventSchema,
  preparationPlanSchema,
  preparationRecordSchema,
  preparationStatusSchema,
} from './preparation.ts'
import { labelsImportRequestSchema, labelsImportSchema } from './labelsImport.ts'
import { measuringSchema } from './quality.ts'
import { procedure } from './procedure.ts'
import { provenanceSchema } from './provenance.ts'
import { volumeRefSchema } from './volume.ts'

const nothing = z.object({})

export const settingsSchema = z.object({
  readerName: z.string().min(1).max(80),
  classColours: z.enum(['standard', 'colour-blind-safe']),
  backend: backendChoiceSchema,
  /** Jobs that may compute on the processor at the same time; each graphics card takes one besides. */
  processorJobs: z.int().min(1).max(8),
})
export type Settings = z.infer<typeof settingsSchema>

export const systemInfoSchema = z.object({
  version: z.string(),
  workspacePath: z.string(),
  host: z.enum(['desktop', 'serve']),
  device: deviceInfoSchema,
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

/** What of a case's volumes is meant. */
export const volumeSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sequence'), sequence: sequenceSchema }),
  z.object({ kind: z.literal('version'), versionId: idSchema }),
  z.object({ kind: z.literal('proposal'), proposalId: idSchema }),
  z.object({ kind: z.literal('uncertainty'), proposalId: idSchema }),
])
export type VolumeSource = z.infer<typeof volumeSourceSchema>

export const folderEntrySchema = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'file']),
  sizeBytes: z.int().nonnegative(),
})

/** "Something of this kind changed": the renderer fetches it again. */
export const changeSchema = z.object({
  topic: z.enum(['cases', 'jobs', 'models', 'datasets', 'settings', 'labels']),
  id: idSchema.nullable(),
})
export type Change = z.infer<typeof changeSchema>

const caseId = z.object({ caseId: idSchema })
const preparationId = z.object({ preparationId: idSchema })
const jobId = z.object({ jobId: idSchema })
const modelId = z.object({ modelId: idSchema })

export const contract = {
  system: {
    info: procedure.input(nothing).output(systemInfoSchema),
    /** Every backend and device; with `measure`, each usable one computes for about two seconds first. */
    devices: procedure.input(z.object({ measure: z.boolean() })).output(deviceReportSchema),
    changes: procedure.input(nothing).output(eventIterator(changeSchema)),
  },
  settings: {
    get: procedure.input(nothing).output(settingsSchema),
    update: procedure.input(settingsSchema.partial()).output(settingsSchema),
  },
  files: {
    /** Lists a folder of this machine; without a path, the home folder and the drives. */
    browse: procedure.input(z.object({ path: z.string().nullable() })).output(
      z.object({
        path: z.string(),
        parent: z.string().nullable(),
        entries: z.array(folderEntrySchema),
      }),
    ),
  },
  datasets: {
    list: procedure.input(nothing).output(z.array(datasetSchema)),
    import: procedure
      .input(
        z.object({
          path: z.string(),
          name: z.string().max(80).nullable(),
          /** What cases from DICOM are called; by a keyed pseudonym where not given. */
          caseNaming: z.enum(['pseudonym', 'patient-id']).optional(),
        }),
      )
      .output(eventIterator(importEventSchema)),
    /** Stops the running import; cases stored so far stay. */
    stopImport: procedure.input(nothing).output(nothing),
    /** Fills an empty folder with the whole data set in a layout that other programs read. */
    export: procedure
      .input(z.object({ datasetId: idSchema, format: exportFormatSchema, path: z.string() }))
      .output(datasetExportSchema),
    /** Reads the voxels of every case that the quality report has not measured yet; leaving ends it. */
    measure: procedure
      .input(z.object({ datasetId: idSchema }))
      .output(eventIterator(measuringSchema)),
    quality: procedure.input(z.object({ datasetId: idSchema })).output(qualityReportSchema),
    splitStatus: procedure.input(z.object({ datasetId: idSchema })).output(splitStatusSchema),
    lockSplit: procedure
      .input(z.object({ datasetId: idSchema, locked: z.boolean() }))
      .output(splitStatusSchema),
    /** Draws every patient anew, alike in tumour size; refused where the split is locked. */
    redrawSplit: procedure
      .input(
        z.object({
          datasetId: idSchema,
          seed: z.int().nonnegative(),
          evenIfTrained: z.boolean().default(false),
        }),
      )
      .output(splitStatusSchema),
    /** Adds segmentations that another program drew to the cases of their names; what was there before stays. */
    importLabels: procedure.input(labelsImportRequestSchema).output(labelsImportSchema),
    /** Points a data set at the folder that its files moved to; only files of equal content are taken over. */
    relocate: procedure
      .input(z.object({ datasetId: idSchema, path: z.string() }))
      .output(relocationSchema),
  },
  cases: {
    list: procedure
      .input(z.object({ datasetId: idSchema.nullable() }))
      .output(z.array(caseSummarySchema)),
    /** Unlabelled cases, the one whose correction should teach most first. */
    rank: procedure.input(rankRequestSchema).output(z.array(rankedCaseSchema)),
    get: procedure.input(caseId).output(caseDetailSchema),
    setReviewState: procedure
      .input(caseId.extend({ state: reviewStateSchema, reason: z.string().max(500).nullable() }))
      .output(caseDetailSchema),
    volume: procedure.input(caseId.extend({ source: volumeSourceSchema })).output(volumeRefSchema),
    /** How every file that the workspace made for a case came about. */
    provenance: procedure.input(caseId).output(z.array(provenanceSchema)),
    /** The volumes of a case that came as DICOM and what each was taken for; none for any other case. */
    series: procedure.input(caseId).output(z.array(dicomSeriesSchema)),
    /** Says what a series is (null: none of the four) and chooses the case's images anew. */
    assignSeries: procedure
      .input(caseId.extend({ seriesId: idSchema, sequence: sequenceSchema.nullable() }))
      .output(z.array(dicomSeriesSchema)),
  },
  /** Copies of files without the patient; what is read is never changed. */
  deidentification: deidentificationProcedures,
  labels: {
    open: procedure.input(caseId).output(labelSessionSchema),
    append: procedure
      .input(
        caseId.extend({
          cursor: z.int().nonnegative(),
          title: z.string().min(1).max(120),
          delta: deltaBase64Schema,
        }),
      )
      .output(editResultSchema),
    undo: procedure.input(caseId.extend({ cursor: z.int() })).output(editResultSchema),
    redo: procedure.input(caseId.extend({ cursor: z.int() })).output(editResultSchema),
    saveVersion: procedure
      .input(caseId.extend({ cursor: z.int(), note: z.string().max(500) }))
      .output(labelVersionSchema),
    /** Cleans up, smooths, grows … the whole labelmap as one undo step. */
    applyOperation: procedure
      .input(
        caseId.extend({
          cursor: z.int().nonnegative(),
          operation: labelOperationSchema,
          locked: lockedSchema,
        }),
      )
      .output(editResultSchema),
    /** Starts a new working state from an older version (itself an undoable edit). */
    restoreVersion: procedure
      .input(caseId.extend({ cursor: z.int(), versionId: idSchema }))
      .output(editResultSchema),
    /** Writes a version as NIfTI with the case's geometry and label convention; returns the path written. */
    exportVersion: procedure
      .input(caseId.extend({ versionId: idSchema, path: z.string() }))
      .output(z.object({ path: z.string() })),
  },
  proposals: {
    accept: procedure
      .input(
        z.object({
          proposalId: idSchema,
          cursor: z.int(),
          scope: proposalScopeSchema,
          locked: lockedSchema,
        }),
      )
      .output(editResultSchema),
    reject: procedure.input(z.object({ proposalId: idSchema })).output(proposalSchema),
    /** Writes a proposal as NIfTI with the case's geometry and label convention; returns the path written. */
    exportProposal: procedure
      .input(z.object({ proposalId: idSchema, path: z.string() }))
      .output(z.object({ path: z.string() })),
  },
  dicom: dicomProcedures,
  interchange: interchangeProcedures,
  preparation: {
    status: procedure.input(caseId).output(preparationStatusSchema),
    /** Computes a preview; leaving ends it. Nothing of the case changes. */
    run: procedure
      .input(caseId.extend({ plan: preparationPlanSchema }))
      .output(eventIterator(preparationEventSchema)),
    volume: procedure
      .input(preparationId.extend({ sequence: sequenceSchema, stage: z.enum(['before', 'after']) }))
      .output(volumeRefSchema),
    /** Makes a preview the images of its case; the originals stay recorded and untouched. */
    apply: procedure.input(preparationId).output(preparationRecordSchema),
    discard: procedure.input(preparationId).output(nothing),
    /** Writes a version on the grid that a sequence came on, with the header of its file; returns the path written. */
    exportVersion: procedure
      .input(caseId.extend({ versionId: idSchema, sequence: sequenceSchema, path: z.string() }))
      .output(z.object({ path: z.string() })),
  },
  jobs: {
    list: procedure.input(nothing).output(z.array(jobSchema)),
    get: procedure.input(jobId).output(jobSchema),
    /** The memory that a training would take, against what its device has. */
    estimate: procedure.input(estimateRequestSchema).output(memoryEstimateSchema),
    /** Reads a data set and its device and says how a training would be set up, and why. Starts nothing. */
    propose: procedure.input(planRequestSchema).output(trainingProposalSchema),
    train: procedure.input(trainRequestSchema).output(jobSchema),
    distil: procedure.input(distilRequestSchema).output(jobSchema),
    finetune: procedure.input(finetuneRequestSchema).output(jobSchema),
    predict: procedure
      .input(
        z.object({
          modelId: idSchema.nullable(),
          caseIds: z.array(idSchema).min(1),
          inference: inferenceRequestSchema.nullable(),
          backend: backendChoiceSchema,
          device: deviceChoiceSchema.optional(),
        }),
      )
      .output(jobSchema),
    evaluate: procedure
      .input(
        z.object({
          modelIds: z.array(idSchema).min(1),
          datasetId: idSchema,
          split: splitSchema,
          /** Choose post-processing and temperature on these cases, in place of scoring. */
          fit: z.boolean().optional(),
          backend: backendChoiceSchema,
          device: deviceChoiceSchema.optional(),
        }),
      )
      .output(jobSchema),
    pause: procedure.input(jobId).output(jobSchema),
    resume: procedure.input(jobId).output(jobSchema),
    cancel: procedure.input(jobId).output(jobSchema),
    /** The job now and at every change until it ends. */
    watch: procedure.input(jobId).output(eventIterator(jobSchema)),
    /** Every event from the first, then live until the job ends. */
    events: procedure.input(jobId).output(eventIterator(jobEventSchema)),
  },
  models: {
    list: procedure.input(nothing).output(z.array(modelSchema)),
    get: procedure
      .input(modelId)
      .output(modelSchema.extend({ evaluations: z.array(evaluationSchema) })),
    recipes: procedure.input(nothing).output(z.array(recipeSchema)),
    /** Records models of one kind as one that averages their probabilities. */
    ensemble: procedure
      .input(
        z.object({ name: z.string().min(1).max(80), modelIds: z.array(idSchema).min(2).max(20) }),
      )
      .output(modelSchema),
    promote: procedure.input(modelId).output(modelSchema),
    /** Makes the previous champion of the model's slot champion again; returns it. */
    rollBack: procedure.input(modelId).output(modelSchema),
    compare: procedure
      .input(z.object({ championId: idSchema, challengerId: idSchema }))
      .output(comparisonSchema),
  },
}
export type Contract = typeof contract
