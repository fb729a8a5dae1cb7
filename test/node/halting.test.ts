import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { haltOf } from '../../src/node/server/halting.ts'

// What SQL tells is a number, and a signal to it must not reach a process of somebody else.
test.runIf(process.platform === 'linux')('only processes of the server are stopped', () => {
  const child = spawn('sleep', ['100'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const own = String(child.pid)
  expect(haltOf(own, process.pid)).not.toBeNull()
  expect(haltOf(own, process.pid + 1)).toBeNull()
  for (const told of ['0', '1', '-1', '', '1; 2', 'NaN', '1e3', String(process.pid)]) {
    expect(haltOf(told, process.pid)).toBeNull()
  }
})
