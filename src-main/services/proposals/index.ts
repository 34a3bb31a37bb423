export { newestProposal } from './proposalRecords.ts'
export { createProposalService, type ProposalService } from './proposalService.ts'
