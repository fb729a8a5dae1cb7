/** One measurement of `bench/growth.ts`: SQL on standard input, processor time and number of findings as JSON on standard output. */
import { text } from 'node:stream/consumers'
import { lint } from '../../dist/index.js'

const content = await text(process.stdin)
// Loading and the first compilation are the same for every size.
await lint({ migrations: [{ path: '1.sql', content: 'ALTER TABLE orders ADD COLUMN c text;' }] })
const start = process.cpuUsage()
const { findings } = await lint({ migrations: [{ path: '1.sql', content }] })
const { user, system } = process.cpuUsage(start)
console.log(JSON.stringify({ seconds: (user + system) / 1e6, findings: findings.length }))
