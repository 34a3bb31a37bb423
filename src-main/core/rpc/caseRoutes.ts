import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** Data sets, cases, labels and proposals. */
export function caseRoutes(services: Services) {
  const { datasets, curation, cases, volumes, labels, proposals } = services
  return {
    datasets: {
      list: os.datasets.list.handler(() => datasets.list()),
      import: os.datasets.import.handler(({ input, signal }) =>
        datasets.import(input).read(signal),
      ),
      stopImport: os.datasets.stopImport.handler(() => {
        datasets.stopImports()
        return {}
      }),
      export: os.datasets.export.handler(({ input }) => curation.export(input)),
      quality: os.datasets.quality.handler(({ input }) => curation.quality(input.datasetId)),
      measure: os.datasets.measure.handler(({ input, signal }) =>
        curation.measure(input.datasetId, signal),
      ),
      splitStatus: os.datasets.splitStatus.handler(({ input }) =>
        curation.splitStatus(input.datasetId),
      ),
      lockSplit: os.datasets.lockSplit.handler(({ input }) =>
        curation.lockSplit(input.datasetId, input.locked),
      ),
      redrawSplit: os.datasets.redrawSplit.handler(({ input }) => curation.redrawSplit(input)),
      importLabels: os.datasets.importLabels.handler(({ input }) => curation.importLabels(input)),
      relocate: os.datasets.relocate.handler(({ input }) =>
        curation.relocate(input.datasetId, input.path),
      ),
    },
    cases: {
      list: os.cases.list.handler(({ input }) => cases.list(input.datasetId)),
      rank: os.cases.rank.handler(({ input }) => services.acquisition.rank(input)),
      get: os.cases.get.handler(({ input }) => cases.get(input.caseId)),
      setReviewState: os.cases.setReviewState.handler(({ input }) =>
        cases.setReviewState(input.caseId, input.state, input.reason),
      ),
      volume: os.cases.volume.handler(({ input }) => volumes.resolve(input.caseId, input.source)),
      series: os.cases.series.handler(({ input }) => datasets.series(input.caseId)),
      assignSeries: os.cases.assignSeries.handler(({ input }) =>
        datasets.assignSeries(input.caseId, input.seriesId, input.sequence),
      ),
      provenance: os.cases.provenance.handler(({ input }) => cases.provenance(input.caseId)),
    },
    labels: {
      open: os.labels.open.handler(({ input }) => labels.open(input.caseId)),
      append: os.labels.append.handler(({ input }) =>
        labels.append(input.caseId, input.cursor, input.title, input.delta),
      ),
      undo: os.labels.undo.handler(({ input }) => labels.undo(input.caseId, input.cursor)),
      redo: os.labels.redo.handler(({ input }) => labels.redo(input.caseId, input.cursor)),
      saveVersion: os.labels.saveVersion.handler(({ input }) =>
        labels.saveVersion(input.caseId, input.cursor, input.note),
      ),
      applyOperation: os.labels.applyOperation.handler(({ input }) =>
        labels.applyOperation(input.caseId, input.cursor, input.operation, input.locked),
      ),
      restoreVersion: os.labels.restoreVersion.handler(({ input }) =>
        labels.restoreVersion(input.caseId, input.cursor, input.versionId),
      ),
      exportVersion: os.labels.exportVersion.handler(({ input }) =>
        labels.exportVersion(input.caseId, input.versionId, input.path),
      ),
    },
    proposals: {
      accept: os.proposals.accept.handler(({ input }) =>
        proposals.accept(input.proposalId, input.cursor, input.scope, input.locked),
      ),
      reject: os.proposals.reject.handler(({ input }) => proposals.reject(input.proposalId)),
      exportProposal: os.proposals.exportProposal.handler(({ input }) =>
        proposals.exportTo(input.proposalId, input.path),
      ),
    },
  }
}
