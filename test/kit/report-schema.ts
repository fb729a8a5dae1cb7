import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'

const schema = JSON.parse(readFileSync(new URL('../../schema/report.json', import.meta.url), 'utf8')) as object
const ajv = new Ajv2020({ strict: false }).addSchema(schema, 'report')

/** The report in this JSON, which has the shape that schema/report.json gives to it under this name. */
export function validated<Report>(json: string, name: 'lint' | 'locks' | 'status' | 'trace' | 'captureCheck'): Report {
  const validate = ajv.getSchema(`report#/$defs/${name}`) ?? ajv.compile({ $ref: `report#/$defs/${name}` })
  const report = JSON.parse(json)
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  return report as Report
}
