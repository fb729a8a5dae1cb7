/** Set-up of each test file of the run without a flip: records which flips the file reaches. */
import { appendFileSync } from 'node:fs'
import { afterAll, expect } from 'vitest'
import { reached } from './switch.ts'

afterAll(() => {
  if (process.env.REACHED === undefined) return
  appendFileSync(process.env.REACHED, `${JSON.stringify([expect.getState().testPath, [...reached]])}\n`)
  reached.clear()
})
