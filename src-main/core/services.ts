import { createAcquisitionService, type AcquisitionService } from '../services/acquisition/index.ts'
import { createCaseService, type CaseService } from '../services/cases/index.ts'
import { createChangeFeed, type ChangeFeed } from '../services/changes/index.ts'
import { createCurationService, type CurationService } from '../services/curation/index.ts'
import { createDatasetService, type DatasetService } from '../services/datasets/index.ts'
import {
  createDeidentificationService,
  type DeidentificationService,
} from '../services/deidentify/index.ts'
import { createDemoService, type DemoPlan, type DemoService } from '../services/demo/index.ts'
import {
  createLabelService,
  createLabelStore,
  type LabelService,
  type LabelStore,
} from '../services/labels/index.ts'
import {
  createJobBoard,
  createJobService,
  type EngineCommand,
  type JobService,
} from '../services/jobs/index.ts'
import {
  createDicomObjectService,
  type DicomObjectService,
} from '../services/dicomObjects/index.ts'
import { createPreparationService, type PreparationService } from '../services/preparation/index.ts'
import { createInterchangeService, type InterchangeService } from '../services/interchange/index.ts'
import { createModelService, type ModelService } from '../services/models/index.ts'
import { createPlanningService, type PlanningService } from '../services/planning/index.ts'
import { createProposalService, type ProposalService } from '../services/proposals/index.ts'
import { createSettingsService, type SettingsService } from '../services/settings/index.ts'
import { createVolumeService, type VolumeService } from '../services/volumes/index.ts'
import {
  availableMemory,
  createSystemService,
  type GraphicsCard,
  type InspectMachine,
  type ProbeDevice,
  type SystemService,
} from '../services/system/index.ts'
import type { Recipe, SystemInfo } from '../contract/index.ts'
import type { AuditTrail, Workspace } from '../storage/index.ts'

export interface Services {
  readonly audit: AuditTrail
  readonly system: SystemService
  readonly changes: ChangeFeed
  readonly settings: SettingsService
  readonly volumes: VolumeService
  readonly labelStore: LabelStore
  readonly labels: LabelService
  readonly proposals: ProposalService
  readonly cases: CaseService
  readonly datasets: DatasetService
  readonly curation: CurationService
  readonly deidentification: DeidentificationService
  readonly preparation: PreparationService
  readonly dicomObjects: DicomObjectService
  readonly interchange: InterchangeService
  readonly models: ModelService
  readonly jobs: JobService
  readonly planning: PlanningService
  readonly demo: DemoService
  readonly acquisition: AcquisitionService
}

export interface ServiceOptions {
  readonly facts: Omit<SystemInfo, 'device'>
  readonly probeDevice: ProbeDevice
  readonly inspectMachine: InspectMachine
  readonly listCards: () => Promise<readonly GraphicsCard[]>
  readonly recipes: readonly Recipe[]
  readonly engine: EngineCommand
  readonly resumeJobs: boolean
  /** The project's own demo where not given. */
  readonly demoPlan?: DemoPlan
}

/** Wires every capability over one workspace. */
export function createServices(workspace: Workspace, options: ServiceOptions): Services {
  const changes = createChangeFeed()
  const settings = createSettingsService(workspace, changes)
  const volumes = createVolumeService(workspace)
  const labelStore = createLabelStore(workspace)
  const shared = { workspace, settings, changes }
  const labels = createLabelService({ ...shared, store: labelStore, volumes })
  const proposals = createProposalService({ ...shared, labels })
  const models = createModelService({ ...shared, recipes: options.recipes })
  const board = createJobBoard(workspace, changes)
  const datasets = createDatasetService(shared)
  const { facts, probeDevice, inspectMachine, listCards } = options
  const system = createSystemService(facts, settings, probeDevice, inspectMachine)
  const machine = { probe: system.probe, cards: listCards, availableBytes: availableMemory }
  const jobs = createJobService(
    { ...shared, models, proposals, board, engine: options.engine, machine },
    options.resumeJobs,
  )
  return {
    audit: workspace.audit,
    models,
    jobs,
    planning: createPlanningService(workspace, system),
    demo: createDemoService({ workspace, datasets, models, jobs }, options.demoPlan),
    system,
    changes,
    settings,
    volumes,
    labelStore,
    labels,
    proposals,
    cases: createCaseService({ ...shared, labels }),
    acquisition: createAcquisitionService(workspace),
    curation: createCurationService(shared),
    deidentification: createDeidentificationService(shared, facts.version),
    interchange: createInterchangeService(shared, facts.version),
    preparation: createPreparationService({ ...shared, labels, labelStore }),
    dicomObjects: createDicomObjectService({ ...shared, labels, version: facts.version }),
    datasets,
  }
}
