import * as core from '@actions/core'
import { complaint } from '../failure.ts'
import { runAction } from './action.ts'

// libpg-query begins to load its .wasm file when it is imported: that it is missing shows nowhere else.
process.on('unhandledRejection', error => core.setFailed(complaint(error)))

runAction()
