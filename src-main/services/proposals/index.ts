export { addProposal, newestProposal, newestProposals } from './proposalRecords.ts'
export { createProposalService, type ProposalService } from './proposalService.ts'
