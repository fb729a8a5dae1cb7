import './given-event.ts'

import * as core from '@actions/core'
import { complaint } from '../failure.ts'
import { runAction } from './action.ts'

// libpg-query begins to load its .wasm file when it is imported: that it is missing shows nowhere else.
process.on('unhandledRejection', error => core.setFailed(complaint(error)))
// A log that cannot be written does not make the step pass. There is nobody to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => {
    process.exitCode = 1
  })
}

runAction()
