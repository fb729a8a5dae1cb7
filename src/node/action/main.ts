import './given-event.ts'

import * as core from '@actions/core'
import { useLargeStack } from '../../parse/parser.ts'
import { complaint } from '../failure.ts'
import { answerQuestions } from '../parser/answer-questions.ts'
import { isParserThread, parserInThread } from '../parser/thread.ts'
import { runAction } from './action.ts'

if (isParserThread()) answerQuestions()
else {
  // What nobody waits for and goes wrong shows nowhere else.
  process.on('unhandledRejection', error => core.setFailed(complaint(error)))
  // A log that cannot be written does not make the step pass. There is nobody to tell.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      process.exitCode = 1
    })
  }
  useLargeStack(parserInThread(__filename))
  runAction()
}
