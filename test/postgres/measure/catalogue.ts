// Reads PostgreSQL's own catalogs from a server of each supported version and writes src/postgres/type/builtin.generated.ts.
import { writeFileSync } from 'node:fs'
import { supportedVersions, type Version } from '../../../src/postgres/version.ts'
import { startServer } from '../servers/server.ts'
import { type CatalogueReading, readCatalogue } from './catalogue-read.ts'
import { catalogueSource } from './catalogue-write.ts'

const target = new URL('../../../src/postgres/type/builtin.generated.ts', import.meta.url)

const readings: [Version, CatalogueReading][] = []
for (const major of supportedVersions) {
  const server = await startServer(major)
  try {
    readings.push([major, await readCatalogue(server)])
  } finally {
    await server.stop()
  }
}
writeFileSync(target, catalogueSource(new Map(readings)))
process.stderr.write(`${target.pathname}\n`)
