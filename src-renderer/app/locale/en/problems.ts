export const problems = {
  noAnswer: 'Gliadesk’s core does not answer.',
  noAnswerRemedy:
    'It restarts by itself within a few seconds. If this stays, close Gliadesk and start it again; saved work is kept.',
  signedOut: 'This page is no longer signed in: Gliadesk was started anew.',
  signedOutRemedy: 'Open the link that Gliadesk printed when it started.',
  faultRemedy: 'Try again. If it happens again, restart Gliadesk; saved work is kept.',
  fault: 'Something in this window went wrong.',
  pageFailed: 'The page could not be opened.',
  pageMissing: 'Its files could not be fetched from the core.',
  pageFault: 'This page ran into a fault and was stopped.',
}
