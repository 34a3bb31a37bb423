export const problems = {
  noAnswer: 'Gliadesk’s core does not answer.',
  noAnswerRemedy:
    'It restarts by itself within a few seconds. If this stays, close Gliadesk and start it again; saved work is kept.',
  faultRemedy: 'Try again. If it happens again, restart Gliadesk; saved work is kept.',
  pageFault: 'This page ran into a fault and was stopped.',
}
