/**
 * Whether npm has a build of PostgreSQL's parser that is newer than the model: `npm run new-parser`. Ends with 1 if it has, so that the
 * weekly workflow of the same name says so. CONTRIBUTING.md, "A new version of PostgreSQL", says what to do then.
 */
import { execFileSync } from 'node:child_process'
import { newestVersion } from '../src/postgres/version.ts'

const answer: unknown = JSON.parse(
  execFileSync('npm', ['view', 'libpg-query', 'versions', '--json'], { encoding: 'utf8' }),
)
const versions = [answer].flat().filter(each => typeof each === 'string')
const newer = versions.filter(version => Number.parseInt(version, 10) > newestVersion)
if (newer.length > 0) {
  console.log(`libpg-query has ${newer.join(', ')}; the model ends with PostgreSQL ${newestVersion}.`)
  process.exitCode = 1
} else console.log(`The newest of ${versions.length} builds of libpg-query is that of PostgreSQL ${newestVersion}.`)
