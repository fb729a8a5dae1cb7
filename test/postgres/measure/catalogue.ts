// Reads PostgreSQL's own catalogs from servers 12-18 and writes src/postgres/type/builtin.generated.ts.
import { writeFileSync } from 'node:fs'
import { MAJORS, type Major } from '../servers/installed.ts'
import { startServer } from '../servers/server.ts'
import { type CatalogueReading, readCatalogue } from './catalogue-read.ts'
import { catalogueSource } from './catalogue-write.ts'

const target = new URL('../../../src/postgres/type/builtin.generated.ts', import.meta.url)

const readings: [Major, CatalogueReading][] = []
for (const major of MAJORS) {
  const server = await startServer(major)
  try {
    readings.push([major, await readCatalogue(server)])
  } finally {
    await server.stop()
  }
}
writeFileSync(target, catalogueSource(new Map(readings)))
process.stderr.write(`${target.pathname}\n`)
