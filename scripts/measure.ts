// Measures cases on real PostgreSQL servers: npm run measure -- <in.json> <out.json> [--versions 12,18]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { supportedVersions } from '../src/postgres/version.ts'
import { install } from '../test/kit/install.ts'
import type { Case } from '../test/postgres/measure/case.ts'
import { caseFileText, measureCases } from '../test/postgres/measure/run.ts'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { versions: { type: 'string' } } })
const [input, output] = positionals
if (!input || !output) throw new Error('usage: npm run measure -- <in.json> <out.json> [--versions 12,18]')

const wanted = values.versions?.split(',').map(Number)
const majors = supportedVersions.filter(major => !wanted || wanted.includes(major))
install('postgres/servers')

const file: { about?: string; cases: Case[] } = JSON.parse(readFileSync(input, 'utf8'))
let done = 0
const cases = await measureCases(file.cases, majors, () => {
  done++
  if (done % 50 === 0) process.stderr.write(`${done} of ${file.cases.length * majors.length}\n`)
})
const about = file.about ?? 'Statements measured on real PostgreSQL servers.'
writeFileSync(output, caseFileText({ about, cases }))
