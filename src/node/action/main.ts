import './given-event.ts'

import { join } from 'node:path'
import * as core from '@actions/core'
import { useGrammars } from '../../code/grammar.ts'
import { useLargeStack } from '../../parse/parser.ts'
import { grammarsIn } from '../disk/grammars.ts'
import { complaint } from '../failure.ts'
import { limitOptimiser } from '../optimiser.ts'
import { answerQuestions } from '../parser/answer-questions.ts'
import { isParserThread, parserInThread } from '../parser/thread.ts'
import { runAction } from './action.ts'

if (isParserThread()) answerQuestions()
else {
  // An error that nothing awaits would not show anywhere else.
  process.on('unhandledRejection', error => core.setFailed(complaint(error)))
  // A log that cannot be written must not make the step pass. There is no way to report it.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      process.exitCode = 1
    })
  }
  limitOptimiser()
  useLargeStack(parserInThread(__filename))
  useGrammars(grammarsIn(join(__dirname, 'grammars')))
  runAction()
}
